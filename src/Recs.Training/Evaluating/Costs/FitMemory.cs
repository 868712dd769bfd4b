using Recs.Training.Fitting;
using Recs.Training.Snapshots;

namespace Recs.Training.Evaluating.Costs;

/// <summary>
/// How much memory a fit will need, from the size of the data and the model's options. An estimate from above, to decide how many fits may run at once: the histories and
/// their copies (64 bytes per interaction), three square matrices where an option <c>movies</c> bounds a matrix of movies by movies, the lists of an option
/// <c>neighbours</c>, two copies of the vectors of an option <c>factors</c>, and what the model says of itself (<see cref="IRecommender.MemoryBeyondOptions"/>).
/// </summary>
public static class FitMemory
{
    private const long BytesPerInteraction = 64;
    private const long Matrices = 3;

    /// <summary>Bytes.</summary>
    /// <param name="recommender">Kind of model.</param>
    /// <param name="options">Values of its options.</param>
    /// <param name="data">What it is fitted on.</param>
    public static long Estimate(IRecommender recommender, OptionValues options, InteractionSet data)
    {
        var bytes = (data.Count * BytesPerInteraction) + recommender.MemoryBeyondOptions(data, options);
        foreach (var option in recommender.Options)
            bytes += option.Name switch
            {
                "movies" => Matrices * Square(Math.Min(data.Movies.Count, (long)options[option.Name])) * sizeof(float),
                "neighbours" => 2 * data.Movies.Count * (long)options[option.Name] * (sizeof(int) + sizeof(float)),
                "factors" => 2 * (data.Users.Count + (long)data.Movies.Count) * (long)options[option.Name] * sizeof(float),
                _ => 0,
            };
        return bytes;
    }

    private static long Square(long n) => n * n;
}
