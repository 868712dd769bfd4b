using System.Text.Json;
using Recs.Contracts;
using Recs.Contracts.Movies;
using Recs.Contracts.Users;
using Recs.EventStore;
using Recs.EventStore.Appending;
using Recs.EventStore.Importing;

namespace Recs.Commands.Importing;

/// <summary>
/// Movies and persons as events. The id is made from the content alone: what the log says already is a duplicate. Other content for a movie or person
/// that
/// the log knows is a change (<c>movie_changed</c>, <c>user_changed</c>).
/// </summary>
internal sealed class CatalogueEvents(string key, ImportedEvent[] events) : IImportSource
{
    internal static readonly string[] MovieTypes = [EventAliases.MovieAdded, EventAliases.MovieChanged];
    internal static readonly string[] UserTypes = [EventAliases.UserRegistered, EventAliases.UserChanged];

    public string Key => key;
    public long Count => events.Length;
    public void Read(long from, Span<ImportedEvent> target) => events.AsSpan((int)from, target.Length).CopyTo(target);
    public IReadOnlyList<SideRow> SideRows(long from, long to) => [];

    public static async Task<CatalogueEvents> OfMoviesAsync(
        LogLookups log, string key, IReadOnlyList<MovieAdded> movies, ImportOrigin origin, CancellationToken cancel)
    {
        (string Stream, byte[] Body)[] rows =
            [.. movies.Select(m => (StreamIds.Movie(m.MovieId), JsonSerializer.SerializeToUtf8Bytes(m, EventJson.Default.MovieAdded)))];
        var ids = Array.ConvertAll(rows, r => FactId.Movie(r.Body));
        var begun = await log.StreamsWithAsync(await UnknownAsync(log, rows, ids, cancel), MovieTypes, origin, cancel);
        return new(key, [.. rows.Select((r, i) => begun.Contains(r.Stream)
            ? Event<MovieChanged>(r.Stream, ids[i], EventAliases.MovieChanged, r.Body, origin)
            : Event<MovieAdded>(r.Stream, ids[i], EventAliases.MovieAdded, r.Body, origin))]);
    }

    /// <summary>Movies that an interactions file names: those that nobody else has added are made from their ids.</summary>
    public static async Task<CatalogueEvents> OfInferredMoviesAsync(
        LogLookups log, string key, IReadOnlyList<string> movieIds, ImportOrigin origin, CancellationToken cancel)
    {
        var begun = await log.StreamsWithAsync([.. movieIds.Select(StreamIds.Movie)], MovieTypes, origin, cancel);
        var inferred = movieIds.Where(id => !begun.Contains(StreamIds.Movie(id))).Select(InferredMovie.FromId).ToList();
        return await OfMoviesAsync(log, key, inferred, origin, cancel);
    }

    public static async Task<CatalogueEvents> OfUsersAsync(
        LogLookups log, string key, IReadOnlyList<UserRegistered> users, ImportOrigin origin, CancellationToken cancel)
    {
        (string Stream, byte[] Body)[] rows =
            [.. users.Select(u => (StreamIds.User(u.UserId), JsonSerializer.SerializeToUtf8Bytes(u, EventJson.Default.UserRegistered)))];
        var ids = Array.ConvertAll(rows, r => FactId.User(r.Body));
        var begun = await log.StreamsWithAsync(await UnknownAsync(log, rows, ids, cancel), UserTypes, origin, cancel);
        return new(key, [.. rows.Select((r, i) => begun.Contains(r.Stream)
            ? Event<UserChanged>(r.Stream, ids[i], EventAliases.UserChanged, r.Body, origin)
            : Event<UserRegistered>(r.Stream, ids[i], EventAliases.UserRegistered, r.Body, origin))]);
    }

    /// <summary>Streams whose event is not in the log; only theirs need to be read to tell a first event from a change.</summary>
    private static async Task<string[]> UnknownAsync(LogLookups log, (string Stream, byte[] Body)[] rows, Guid[] ids, CancellationToken cancel)
    {
        var known = await log.KnownAsync(ids, cancel);
        return [.. rows.Where((_, i) => !known.Contains(ids[i])).Select(r => r.Stream)];
    }

    internal static ImportedEvent Event<T>(string stream, Guid id, string alias, byte[] body, ImportOrigin origin)
        => new(stream, new NewEvent(
            id, alias, body, origin.CorrelationId, origin.CausationId, DotNetType: $"{typeof(T).FullName}, {typeof(T).Assembly.GetName().Name}"));
}
