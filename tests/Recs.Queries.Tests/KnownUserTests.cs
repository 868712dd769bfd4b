using System.Text;
using Recs.Contracts;
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
            var (state, order) = (UserHistoryState.Empty, new List<string>());
            for (var version = 1L; version <= 60; version++)
            {
                var (movie, minute) = ("m" + random.Next(6), random.Next(120));
                var (type, value) = random.Next(4) == 0 ? (EventAliases.MovieRated, "\"Rating\":4") : (EventAliases.MovieWatched, $"\"Minute\":{minute}");
                var at = DateTimeOffset.UnixEpoch.AddMinutes(minute + random.Next(3) * 400);
                var data = Encoding.UTF8.GetBytes($$"""{"At":"{{at:O}}",{{value}},"MovieId":"{{movie}}"}""");
                state = state.Apply(new RecordedEvent(version, default, "user-1", version, type, data, default, null, null), ids);
                order.Remove(movie);
                order.Add(movie);
            }
            var known = KnownUser.Of(state, numbers);
            known.Movies.ShouldBe(order.Select(numbers.Of));
            order.Index().ShouldAllBe(m => known.NewestOf(m.Index).MovieId == m.Item);
            state.Count.ShouldBeLessThan(60);
        }
    }
}
