using Recs.Commands.Importing.Formats;
using Recs.Commands.Simulating;
using Recs.Commands.Tests.Importing;

namespace Recs.Commands.Tests.Simulating;

public sealed class SimulatedWorldTests
{
    private static readonly SimulatedWorld Small = new(Seed: 3, Users: 200, Movies: 300, MeanRatings: 20);

    [Fact]
    public void The_same_seed_gives_the_same_world_and_another_seed_another()
    {
        Small.ToDataSet().Rows().ShouldBe(Small.ToDataSet().Rows());
        (Small with { Seed = 4 }).ToDataSet().Rows().ShouldNotBe(Small.ToDataSet().Rows());
        (Small with { Seed = 4 }).ToDataSet().Digest.ShouldNotBe(Small.ToDataSet().Digest);
    }

    [Fact]
    public void A_person_rates_no_movie_twice_and_time_goes_on()
    {
        var ratings = Small.ToDataSet().Ratings;
        var pairs = new HashSet<(int, int)>();
        for (var i = 0; i < ratings.Count; i++)
        {
            pairs.Add((ratings.Users[i], ratings.Movies[i])).ShouldBeTrue();
            if (i > 0 && ratings.Users[i] == ratings.Users[i - 1]) ratings.Seconds[i].ShouldBeGreaterThan(ratings.Seconds[i - 1]);
        }
    }

    [Fact]
    public void The_folder_that_it_writes_is_read_back_the_same()
    {
        using var folder = new ImportFolder();
        var world = Small.ToDataSet();
        Ml1mFolder.Write(world, folder.Path);

        var (read, rejects) = folder.Read(DataSetFormat.Ml1m);

        rejects.ShouldBeEmpty();
        read.Rows().ShouldBe(world.Rows());
        read.Users.ShouldBe(world.Users);
        read.Movies.Select(m => (m.MovieId, m.Title, m.Year, string.Join('|', m.Genres))).ShouldBe(world.Movies.Select(m => (m.MovieId, m.Title, m.Year, string.Join('|', m.Genres))));
    }

    [Fact]
    public void What_a_person_watched_before_tells_more_of_the_last_movie_than_fame_does()
    {
        var world = new SimulatedWorld(Users: 800, Movies: 400, MeanRatings: 40).ToDataSet();
        var ratings = world.Ratings;
        var fame = new int[world.Movies.Count];
        var after = new Dictionary<int, Dictionary<int, int>>();
        var last = new List<(int User, int Before, int Movie)>();
        for (var i = 1; i < ratings.Count; i++)
        {
            if (ratings.Users[i] != ratings.Users[i - 1]) continue;
            if (i + 1 == ratings.Count || ratings.Users[i + 1] != ratings.Users[i])
            {
                last.Add((ratings.Users[i], ratings.Movies[i - 1], ratings.Movies[i]));
                continue;
            }
            fame[ratings.Movies[i]]++;
            var next = after.TryGetValue(ratings.Movies[i - 1], out var found) ? found : after[ratings.Movies[i - 1]] = [];
            next[ratings.Movies[i]] = next.GetValueOrDefault(ratings.Movies[i]) + 1;
        }
        var famous = Enumerable.Range(0, fame.Length).OrderByDescending(m => fame[m]).Take(10).ToHashSet();

        var byFame = last.Count(l => famous.Contains(l.Movie));
        var byHabit = last.Count(l => after.TryGetValue(l.Before, out var next) && next.OrderByDescending(n => n.Value).Take(10).Any(n => n.Key == l.Movie));

        byHabit.ShouldBeGreaterThan(3 * byFame);
        ((double)byHabit / last.Count).ShouldBeGreaterThan(0.3);
    }
}
