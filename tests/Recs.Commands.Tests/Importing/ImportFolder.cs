using System.Text;
using Recs.Commands.Importing;
using Recs.Commands.Importing.Formats;

namespace Recs.Commands.Tests.Importing;

/// <summary>A folder with the files of a data set, deleted after the test.</summary>
internal sealed class ImportFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("recs-import-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file in Latin-1, in which every character is the byte of its number.</summary>
    public ImportFolder With(string name, string content) => With(name, Encoding.Latin1.GetBytes(content));

    public ImportFolder With(string name, byte[] content)
    {
        System.IO.File.WriteAllBytes(File(name), content);
        return this;
    }

    public ImportFolder WithUtf8(string name, string content) => With(name, Encoding.UTF8.GetBytes(content));

    public (DataSet Set, List<Reject> Rejects) Read(DataSetFormat format = DataSetFormat.Auto, string? file = null)
    {
        var rejects = new RejectList();
        return (DataSetReader.Read(file is null ? Path : File(file), format, rejects), rejects.Rejects);
    }

    public static ImportFolder Ml1m(string ratings, string movies = "1::Heat (1995)::Action|Crime\n2::Sabrina::Comedy\n", string users = "1::F::25::7::12345\n") =>
        new ImportFolder().With("movies.dat", movies).With("users.dat", users).With("ratings.dat", ratings);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private sealed class RejectList : IRejectSink
    {
        public List<Reject> Rejects { get; } = [];
        public void Add(in Reject reject) => Rejects.Add(reject);
    }
}

/// <summary>Ratings as text, for comparisons.</summary>
internal static class RatingText
{
    public static IEnumerable<string> Rows(this DataSet set)
    {
        for (var i = 0; i < set.Ratings.Count; i++)
            yield return $"{set.UserIds[set.Ratings.Users[i]]} {set.MovieIds[set.Ratings.Movies[i]]} {set.Ratings.HalfStars[i] / 2.0:0.#} {set.Ratings.Seconds[i]}";
    }
}
