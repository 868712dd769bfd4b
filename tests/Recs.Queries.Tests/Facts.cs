using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Recs.Contracts;
using Recs.Contracts.Users;
using Recs.EventStore;

namespace Recs.Queries.Tests;

/// <summary>Facts about a person as the log has them; the position is the version.</summary>
internal static class Facts
{
    public static RecordedEvent Rated(string user, long version, string movie, double rating = 4)
        => Of(user, version, EventAliases.MovieRated, new MovieRated(user, movie, rating, DateTimeOffset.UnixEpoch.AddMinutes(version)), EventJson.Default.MovieRated);

    public static RecordedEvent Watched(string user, long version, string movie, int minute = 1)
        => Of(user, version, EventAliases.MovieWatched, new MovieWatched(user, movie, minute, DateTimeOffset.UnixEpoch), EventJson.Default.MovieWatched);

    public static RecordedEvent Registered(UserRegistered fact) => Of(fact.UserId, 1, EventAliases.UserRegistered, fact, EventJson.Default.UserRegistered);

    private static RecordedEvent Of<T>(string user, long version, string alias, T fact, JsonTypeInfo<T> json)
        => new(version, Guid.Empty, StreamIds.User(user), version, alias, JsonSerializer.SerializeToUtf8Bytes(fact, json), DateTimeOffset.UnixEpoch, null, null);
}
