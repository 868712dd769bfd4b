using Recs.Training.Evaluating.Protocols;

namespace Recs.Training.Tests.Evaluating.Protocols;

public class RandomRatingsTests
{
    [Fact]
    public void A_tenth_is_predicted_once_and_the_rest_is_learned_from()
    {
        var data = GeneratedData.Interactions(users: 100, movies: 200, perUser: 50);
        var split = new RandomRatings().Cut(data, 1).Single();
        (data.Count - split.Train.Count).ShouldBeInRange(data.Count * 8 / 100, data.Count * 12 / 100);
        new RandomRatings().Cut(data, 1).Single().Train.Sha256.ShouldBe(split.Train.Sha256);
        new RandomRatings().Cut(data, 2).Single().Train.Sha256.ShouldNotBe(split.Train.Sha256);
    }

    [Fact]
    public void With_folds_every_rating_is_predicted_once()
    {
        var data = GeneratedData.Interactions(users: 20, movies: 500, perUser: 12);
        var folds = new RandomRatings(5).Cut(data, 1);
        folds.Sum(f => data.Count - f.Train.Count).ShouldBe(data.Count);
        var predicted = folds.SelectMany(f => f.People).SelectMany(p => p.Targets.Zip(p.TargetHalfStars, (movie, stars) => (p.User, movie, stars))).Order();
        var rated = Enumerable.Range(0, data.Count).GroupBy(i => (data.User[i], data.Movie[i])).Where(g => g.Count() == 1)
            .Select(g => (data.User[g.Single()], data.Movie[g.Single()], data.HalfStars[g.Single()])).Order();
        rated.Except(predicted).ShouldBeEmpty();
    }
}
