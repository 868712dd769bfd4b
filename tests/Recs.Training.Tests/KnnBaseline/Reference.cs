using Recs.Training.Snapshots;

namespace Recs.Training.Tests.KnnBaseline;

/// <summary>The model written from its definition, with dictionaries and double precision.</summary>
internal static class Reference
{
    private const double MoviePenalty = 10;
    private const double PersonPenalty = 15;
    private const int Epochs = 10;

    /// <summary>One prediction per movie, in stars.</summary>
    public static double[] Predict(InteractionSet data, int[] history, byte[] halfStars, int neighbours, double shrinkage)
    {
        var people = Ratings(data);
        var mean = people.SelectMany(person => person.Values).Average();
        var ofMovie = Baselines(people, mean, data.Movies.Count);
        var own = history.Zip(halfStars).Where(h => h.Second > 0).Reverse().ToDictionary(h => h.First, h => h.Second / 2.0);
        var ofPerson = OfPerson(own, mean, ofMovie);
        return [.. Enumerable.Range(0, data.Movies.Count).Select(movie =>
        {
            var nearest = own.Where(rated => rated.Key != movie).Select(rated => (rated, near: Correlation(people, mean, ofMovie, movie, rated.Key, shrinkage)))
                .Where(n => n.near > 0).OrderByDescending(n => n.near).Take(neighbours).ToList();
            var taste = nearest.Count == 0 ? 0 : nearest.Sum(n => n.near * (n.rated.Value - mean - ofPerson - ofMovie[n.rated.Key])) / nearest.Sum(n => n.near);
            return Math.Clamp(mean + ofPerson + ofMovie[movie] + taste, 0.5, 5);
        })];
    }

    private static List<Dictionary<int, double>> Ratings(InteractionSet data)
    {
        var histories = Histories.Of(data);
        return [.. Enumerable.Range(0, histories.Users).Select(user => histories.Of(user).ToArray().Zip(histories.HalfStarsOf(user).ToArray())
            .Where(r => r.Second > 0).ToDictionary(r => r.First, r => r.Second / 2.0))];
    }

    private static double[] Baselines(List<Dictionary<int, double>> people, double mean, int movies)
    {
        var ofMovie = new double[movies];
        var ofPerson = new double[people.Count];
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            ofMovie = [.. Enumerable.Range(0, movies).Select(movie =>
            {
                var left = people.Select((person, p) => (person, p)).Where(x => x.person.ContainsKey(movie)).Select(x => x.person[movie] - mean - ofPerson[x.p]).ToList();
                return left.Sum() / (MoviePenalty + left.Count);
            })];
            ofPerson = [.. people.Select(person => OfPerson(person, mean, ofMovie))];
        }

        return ofMovie;
    }

    private static double OfPerson(Dictionary<int, double> ratings, double mean, double[] ofMovie)
        => ratings.Sum(r => r.Value - mean - ofMovie[r.Key]) / (PersonPenalty + ratings.Count);

    private static double Correlation(List<Dictionary<int, double>> people, double mean, double[] ofMovie, int a, int b, double shrinkage)
    {
        var both = people.Where(person => person.ContainsKey(a) && person.ContainsKey(b)).Select(person =>
        {
            var expected = mean + OfPerson(person, mean, ofMovie);
            return (x: person[a] - expected - ofMovie[a], y: person[b] - expected - ofMovie[b]);
        }).ToList();
        return both.Count < 2 ? 0 : both.Sum(r => r.x * r.y) / Math.Sqrt(both.Sum(r => r.x * r.x) * both.Sum(r => r.y * r.y)) * ((both.Count - 1) / (both.Count - 1 + shrinkage));
    }
}
