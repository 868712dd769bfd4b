using System.Text.Json;
using Recs.Contracts;
using Recs.Contracts.Movies;
using Recs.Training.Exporting.Tables;

namespace Recs.Training.Exporting.Rows;

/// <summary>The table of a snapshot's movies, by id; those that nobody added have nothing but their id.</summary>
internal sealed class MovieRows(ITableWriter table, LatestFacts facts)
{
    /// <summary>Its columns.</summary>
    public static TableSchema Schema { get; } = new("movies",
    [
        new("movie_id", ColumnType.Text), new("title", ColumnType.Text, Optional: true), new("year", ColumnType.Int32, Optional: true), new("genres", ColumnType.TextList),
        new("adult", ColumnType.Boolean, Optional: true), new("runtime_minutes", ColumnType.Int32, Optional: true), new("languages", ColumnType.TextList, Optional: true),
        new("inferred", ColumnType.Boolean, Optional: true),
    ]);

    /// <summary>Writes all rows.</summary>
    public async Task WriteAsync(SeenIds seen, CancellationToken cancel)
    {
        await foreach (var (id, body) in facts.ReadAsync(seen.Movies, StreamIds.Movie(""), [EventAliases.MovieAdded, EventAliases.MovieChanged], cancel))
            Write(id, body is { } json ? JsonSerializer.Deserialize(json.Span, EventJson.Default.MovieAdded) : null); // added and changed have the same shape
    }

    private void Write(string id, MovieAdded? movie)
    {
        table.Text(id);
        table.Text(movie?.Title);
        table.Whole(movie?.Year);
        table.Texts(movie?.Genres ?? []);
        Flag(movie?.Adult);
        table.Whole(movie?.RuntimeMinutes);
        table.TextsOrNull(movie?.Languages);
        Flag(movie?.Inferred);
        table.EndRow();
    }

    private void Flag(bool? value)
    {
        if (value is { } known)
            table.Flag(known);
        else
            table.Null();
    }
}
