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
            state = state.Apply(Facts.Watched("1", state.Version + 1, movie), ids);
        return KnownUser.Of(state, numbers);
    }
}
