using System.Text;

namespace Recs.Training.Snapshots;

/// <summary>Reads rows of seq_id int8, user text, movie text, rating float8 (null for a watch) and at jsonb into a data set.</summary>
internal sealed class InteractionCopy(Stream copy, InteractionSetBuilder builder)
{
    private const int Fields = 5;
    private const int MostIdChars = 1000; // an id has at most as many characters as bytes

    private readonly BinaryCopy _rows = new(copy, Fields);

    public async Task ReadAsync(CancellationToken cancel)
    {
        while (await _rows.NextAsync(cancel))
            Add();
    }

    private void Add()
    {
        Span<char> user = stackalloc char[MostIdChars], movie = stackalloc char[MostIdChars];
        user = user[..Encoding.UTF8.GetChars(_rows.Id("UserId"), user)];
        movie = movie[..Encoding.UTF8.GetChars(_rows.Id("MovieId"), movie)];
        var halfStars = _rows.HalfStars();
        builder.Add(user, movie, halfStars, _rows.At().ToUnixTimeMilliseconds());
    }
}
