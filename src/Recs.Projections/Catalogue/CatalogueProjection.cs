using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Recs.Contracts;
using Recs.Contracts.Movies;
using Recs.EventStore;
using Recs.EventStore.Projecting;

namespace Recs.Projections.Catalogue;

/// <summary>Keeps the last fact about each movie in <c>read.movies</c> (db/0105-catalogue.sql).</summary>
public sealed class CatalogueProjection : IProjection
{
    private const string Table = "read.movies";

    private sealed record Row(MovieAdded Movie, long Version, long Sequence);

    /// <inheritdoc/>
    public string Name => "Catalogue";
    /// <inheritdoc/>
    public IReadOnlyList<string> Types { get; } = [EventAliases.MovieAdded, EventAliases.MovieChanged];
    /// <inheritdoc/>
    public IReadOnlyList<string> Tables { get; } = [Table];

    /// <inheritdoc/>
    public IProjectionFold BeginFold() => new Fold();

    /// <inheritdoc/>
    public async Task ApplyAsync(IReadOnlyList<RecordedEvent> events, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        var rows = new Dictionary<string, Row>(StringComparer.Ordinal);
        foreach (var e in events) Put(rows, e.Data.Span, e.Version, e.Sequence);
        await using (var stale = new NpgsqlCommand($"delete from {Table} where movie_id = any($1)", connection, transaction))
        {
            stale.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. rows.Keys] });
            await stale.ExecuteNonQueryAsync(cancel);
        }
        await WriteAsync(rows, Table, connection, cancel);
    }

    /// <summary>Added and changed have the same shape; the newer fact replaces the older one whole.</summary>
    private static void Put(Dictionary<string, Row> rows, ReadOnlySpan<byte> data, long version, long sequence)
    {
        var movie = JsonSerializer.Deserialize(data, EventJson.Default.MovieAdded);
        if (movie is not { MovieId: not null, Title: not null }) throw new FormatException("The body of a movie's fact lacks MovieId or Title.");
        rows[movie.MovieId] = new(movie, version, sequence);
    }

    private static async Task WriteAsync(Dictionary<string, Row> rows, string table, NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var import = await connection.BeginBinaryImportAsync(
            $"copy {table} (movie_id, title, year, genres, adult, runtime_minutes, languages, inferred, version, sequence) from stdin (format binary)", cancel);
        foreach (var (movie, version, sequence) in rows.Values)
        {
            import.StartRow();
            import.Write(movie.MovieId, NpgsqlDbType.Text);
            import.Write(movie.Title, NpgsqlDbType.Text);
            Write(import, movie.Year);
            import.Write(movie.Genres?.ToArray() ?? [], NpgsqlDbType.Array | NpgsqlDbType.Text);
            import.Write(movie.Adult, NpgsqlDbType.Boolean);
            Write(import, movie.RuntimeMinutes);
            if (movie.Languages is { } languages) import.Write(languages.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
            else import.WriteNull();
            import.Write(movie.Inferred, NpgsqlDbType.Boolean);
            import.Write(version, NpgsqlDbType.Bigint);
            import.Write(sequence, NpgsqlDbType.Bigint);
        }
        await import.CompleteAsync(cancel);
    }

    private static void Write(NpgsqlBinaryImporter import, int? number)
    {
        if (number is { } known) import.Write(known, NpgsqlDbType.Integer);
        else import.WriteNull();
    }

    private sealed class Fold : IProjectionFold
    {
        private readonly Dictionary<string, Row> rows = new(StringComparer.Ordinal);

        public void Apply(in RawEvent e) => Put(rows, e.Data, e.Version, e.Sequence);

        public Task WriteAsync(NpgsqlConnection connection, Func<string, string> table, CancellationToken cancel)
            => CatalogueProjection.WriteAsync(rows, table(Table), connection, cancel);
    }
}
