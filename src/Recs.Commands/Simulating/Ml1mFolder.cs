using System.Text;
using Recs.Commands.Importing;

namespace Recs.Commands.Simulating;

/// <summary>Writes a data set as a folder in MovieLens 1M's format.</summary>
public static class Ml1mFolder
{
    /// <summary>Writes <c>movies.dat</c>, <c>users.dat</c> and <c>ratings.dat</c>; the folder is made if it is not there.</summary>
    /// <param name="set">Data set with a catalogue and persons that have every field.</param>
    /// <param name="folder">Folder.</param>
    public static void Write(DataSet set, string folder)
    {
        Directory.CreateDirectory(folder);
        using (var movies = Open(folder, "movies.dat"))
            foreach (var m in set.Movies)
                movies.Write($"{m.MovieId}::{m.Title}{(m.Year is { } year ? $" ({year})" : "")}::{string.Join('|', m.Genres)}\n");
        using (var users = Open(folder, "users.dat"))
            foreach (var u in set.Users)
                users.Write($"{u.UserId}::{u.Gender}::{u.Age}::{u.Occupation}::{u.ZipCode}\n");
        using var ratings = Open(folder, "ratings.dat");
        for (var i = 0; i < set.Ratings.Count; i++)
        {
            var (user, movie) = (set.UserIds[set.Ratings.Users[i]], set.MovieIds[set.Ratings.Movies[i]]);
            ratings.Write($"{user}::{movie}::{set.Ratings.HalfStars[i] / 2.0:0.#}::{set.Ratings.Seconds[i]}\n");
        }
    }

    private static StreamWriter Open(string folder, string name) => new(Path.Combine(folder, name), append: false, Encoding.Latin1);
}
