using System.Text;
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
    /// <summary>What models learn and slates are found from, so a slate that was served before the rule of viewings changed is found again.</summary>
    [Fact]
    public void Movies_stand_in_the_order_of_their_last_facts_however_these_are_cut_into_viewings()
    {
        var (random, ids, numbers) = (new Random(7), new IdPool(), new MovieNumbers());
        for (var person = 0; person < 100; person++)
        {
            var (state, order, rated) = (UserHistoryState.Empty, new List<string>(), new Dictionary<string, byte>());
            for (var version = 1L; version <= 60; version++)
            {
                var (movie, minute) = ("m" + random.Next(6), random.Next(120));
                var stars = random.Next(4) == 0 ? random.Next(1, 6) : 0;
                var (type, value) = stars > 0 ? (EventAliases.MovieRated, $"\"Rating\":{stars}") : (EventAliases.MovieWatched, $"\"Minute\":{minute}");
                var at = DateTimeOffset.UnixEpoch.AddMinutes(minute + random.Next(3) * 400);
                var data = Encoding.UTF8.GetBytes($$"""{"At":"{{at:O}}",{{value}},"MovieId":"{{movie}}"}""");
                state = state.Apply(new RecordedEvent(version, default, "user-1", version, type, data, default, null, null), ids);
                if (stars > 0)
                    rated[movie] = (byte)(stars * 2);
                order.Remove(movie);
                order.Add(movie);
            }
            var known = KnownUser.Of(state, numbers);
            known.Movies.ShouldBe(order.Select(numbers.Of));
            known.HalfStars.ShouldBe(order.Select(movie => rated.GetValueOrDefault(movie)));
            order.Index().ShouldAllBe(m => known.NewestOf(m.Index).MovieId == m.Item);
            state.Count.ShouldBeLessThan(60);
        }
    }

    [Fact]
    public void A_scorer_sees_the_last_rating_of_each_movie_and_who_the_person_is()
    {
        var (numbers, ids) = (new MovieNumbers(), new IdPool());
        var state = new[]
        {
            Facts.Registered(new UserRegistered("1", "F", 25, "7")), Facts.Rated("1", 2, "a", 4.5), Facts.Rated("1", 3, "b", 5), Facts.Rated("1", 4, "a", 0.5),
            Facts.Watched("1", 5, "a", minute: 3),
        }.Aggregate(UserHistoryState.Empty, (folded, fact) => folded.Apply(fact, ids));

        var user = KnownUser.Of(state, numbers);
        user.Movies.ShouldBe([numbers.Of("b"), numbers.Of("a")]);
        user.HalfStars.ShouldBe([10, 1]);
        user.Demographics.ShouldBe(new("F", 25, "7"));
    }
}
