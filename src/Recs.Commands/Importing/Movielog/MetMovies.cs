using System.Text;
using System.Text.Json;
using Npgsql;
using Recs.Contracts;
using Recs.Contracts.Movies;
using Recs.EventStore;
using Recs.EventStore.Importing;

namespace Recs.Commands.Importing.Movielog;

/// <summary>
/// The movies that a log has named so far. One that nobody has added is made from its id, in the range that names it first; where that range is read again,
/// because it was not stored, the movie is looked up again.
/// </summary>
internal sealed class MetMovies
{
    private static readonly string DotNetType = $"{typeof(MovieAdded).FullName}, {typeof(MovieAdded).Assembly.GetName().Name}";

    private readonly NpgsqlDataSource _source;
    private readonly string _schema;
    private readonly ImportOrigin _origin;
    private readonly Dictionary<string, long> _metAt = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<string> _new = [];
    private long _range;
    private long _last = -1;

    public MetMovies(NpgsqlDataSource source, string schema, ImportOrigin origin)
    {
        (_source, _schema, _origin) = (source, schema, origin);
        _lookup = _metAt.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The range that begins at a position is going to be read.</summary>
    public void Begin(long from)
    {
        if (from <= _last)
            foreach (var (movie, at) in _metAt)
                if (at >= from) _metAt.Remove(movie);
        (_range, _last) = (from, from);
        _new.Clear();
    }

    /// <summary>A line names a movie.</summary>
    public void Meet(ReadOnlySpan<byte> movieId)
    {
        Span<char> id = stackalloc char[EntityId.MaxLength];
        id = id[..Encoding.ASCII.GetChars(movieId, id)];
        if (_lookup.TryAdd(id, _range)) _new.Add(id.ToString());
    }

    /// <summary>Events that add the movies which the range named first and the log does not have, in the order in which it named them.</summary>
    public async ValueTask<IReadOnlyList<ImportedEvent>> InferAsync(CancellationToken cancel)
    {
        if (_new.Count == 0) return [];
        var streams = _new.ConvertAll(StreamIds.Movie);
        var known = new HashSet<string>(StringComparer.Ordinal);
        await using var command = _source.CreateCommand($"select id from {_schema}.mt_streams where id = any($1)");
        command.Parameters.Add(new() { Value = streams });
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel)) known.Add(row.GetString(0));
        return [.. _new.Zip(streams).Where(m => !known.Contains(m.Second)).Select(m => Infer(m.First, m.Second))];
    }

    private ImportedEvent Infer(string movieId, string stream)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(InferredMovie.FromId(movieId), EventJson.Default.MovieAdded);
        return new(stream, new NewEvent(
            FactId.Movie(body), EventAliases.MovieAdded, body, _origin.CorrelationId, _origin.CausationId, DotNetType: DotNetType));
    }
}
