using System.Text.Json;
using Recs.Contracts;
using Recs.Contracts.Users;
using Recs.EventStore;
using Recs.Projections;
using Recs.Projections.UserHistory;
using Recs.Queries.Catalogue;
using Recs.Queries.UserStates;
using Shouldly;
using Xunit;

namespace Recs.Queries.Tests;

public class KnownUserTests
{
    [Fact]
    public void A_scorer_sees_the_last_rating_of_each_movie_and_who_the_person_is()
    {
        var (numbers, ids, state) = (new MovieNumbers(), new IdPool(), UserHistoryState.Empty);
        Apply(EventAliases.UserRegistered, JsonSerializer.SerializeToUtf8Bytes(new UserRegistered("1", "F", 25, "7"), EventJson.Default.UserRegistered));
        Rate("a", 4.5);
        Rate("b", 5);
        Rate("a", 0.5);
        Apply(EventAliases.MovieWatched, JsonSerializer.SerializeToUtf8Bytes(new MovieWatched("1", "a", 3, DateTimeOffset.UnixEpoch), EventJson.Default.MovieWatched));

        var user = KnownUser.Of(state, numbers);
        user.Movies.ShouldBe([numbers.Of("b"), numbers.Of("a")]);
        user.HalfStars.ShouldBe([10, 1]);
        user.Demographics.ShouldBe(new("F", 25, "7"));

        void Rate(string movie, double rating)
            => Apply(EventAliases.MovieRated, JsonSerializer.SerializeToUtf8Bytes(new MovieRated("1", movie, rating, DateTimeOffset.UnixEpoch), EventJson.Default.MovieRated));

        void Apply(string alias, byte[] data)
            => state = state.Apply(new RecordedEvent(state.Version + 1, default, "user-1", state.Version + 1, alias, data, default, null, null), ids);
    }
}
