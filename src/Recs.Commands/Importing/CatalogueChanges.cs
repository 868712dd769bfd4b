using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Recs.Contracts;
using Recs.Contracts.Movies;
using Recs.Contracts.Users;

namespace Recs.Commands.Importing;

/// <summary>
/// A catalogue that is kept up: each row is compared with what the log says now, and is a change only if it says something else. Unlike a data set of the past
/// (<see cref="CatalogueEvents"/>), the newest file counts, even where it goes back to what was said before another.
/// </summary>
internal static class CatalogueChanges
{
    public static Task<CatalogueEvents> OfMoviesAsync(LogLookups log, string key, IReadOnlyList<MovieAdded> movies, ImportOrigin origin, CancellationToken cancel)
        => CompareAsync<MovieAdded, MovieChanged>(
            log, key, [.. movies.Select(m => (StreamIds.Movie(m.MovieId), m))], EventJson.Default.MovieAdded, CatalogueEvents.MovieTypes, body => FactId.Movie(body), origin, cancel);

    public static Task<CatalogueEvents> OfUsersAsync(LogLookups log, string key, IReadOnlyList<UserRegistered> users, ImportOrigin origin, CancellationToken cancel)
        => CompareAsync<UserRegistered, UserChanged>(
            log, key, [.. users.Select(u => (StreamIds.User(u.UserId), u))], EventJson.Default.UserRegistered, CatalogueEvents.UserTypes, body => FactId.User(body), origin, cancel);

    /// <summary>Which event says what a row says. Pure.</summary>
    /// <param name="known">What the log says now; null if it says nothing.</param>
    /// <param name="body">What the row says.</param>
    /// <param name="id">Id of the event that says so for the first time.</param>
    /// <param name="wasSaid">Whether the log has that event, be it the newest or not.</param>
    /// <param name="json">How a first description is written; a change has the same fields.</param>
    /// <returns>Whether it is a change, and the id of the event: one that the log has if the row says nothing new.</returns>
    public static (bool IsChange, Guid Id) Decide<TFirst>(Description? known, ReadOnlySpan<byte> body, Guid id, bool wasSaid, JsonTypeInfo<TFirst> json)
    {
        if (known is null) return (false, id);
        // Written once more, so that an older body without today's fields compares equal.
        var said = JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize(known.Json, json)!, json);
        return said.AsSpan().SequenceEqual(body) ? (true, known.EventId) : (true, wasSaid ? FactId.Again(body, known.EventId) : id);
    }

    private static async Task<CatalogueEvents> CompareAsync<TFirst, TChange>(
        LogLookups log, string key, (string Stream, TFirst Row)[] rows, JsonTypeInfo<TFirst> json, string[] types, Func<byte[], Guid> idOf, ImportOrigin origin,
        CancellationToken cancel)
    {
        var bodies = Array.ConvertAll(rows, r => JsonSerializer.SerializeToUtf8Bytes(r.Row, json));
        var ids = Array.ConvertAll(bodies, b => idOf(b));
        var known = await log.NewestAsync(Array.ConvertAll(rows, r => r.Stream), types, cancel);
        var said = await log.KnownAsync(ids, cancel);
        return new(key, [.. rows.Select((r, i) =>
        {
            var (isChange, id) = Decide(known.GetValueOrDefault(r.Stream), bodies[i], ids[i], said.Contains(ids[i]), json);
            return isChange
                ? CatalogueEvents.Event<TChange>(r.Stream, id, types[1], bodies[i], origin)
                : CatalogueEvents.Event<TFirst>(r.Stream, id, types[0], bodies[i], origin);
        })]);
    }
}
