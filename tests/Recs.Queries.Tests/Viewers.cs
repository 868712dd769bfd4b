using System.Text.Json;
using Recs.Contracts;
using Recs.Contracts.Users;
using Recs.EventStore;
using Recs.Projections;
using Recs.Projections.UserHistory;
using Recs.Queries.Catalogue;
using Recs.Queries.UserStates;

namespace Recs.Queries.Tests;

/// <summary>People by what they watched.</summary>
internal static class Viewers
{
    /// <summary>Somebody who watched a minute of each movie, in this order.</summary>
    public static KnownUser Of(MovieNumbers numbers, params IEnumerable<string> movies)
    {
        var (state, ids) = (UserHistoryState.Empty, new IdPool());
        foreach (var movie in movies)
        {
            var watched = JsonSerializer.SerializeToUtf8Bytes(new MovieWatched("1", movie, 1, DateTimeOffset.UnixEpoch), EventJson.Default.MovieWatched);
            state = state.Apply(new RecordedEvent(state.Version + 1, default, "user-1", state.Version + 1, EventAliases.MovieWatched, watched, default, null, null), ids);
        }

        return KnownUser.Of(state, numbers);
    }
}
