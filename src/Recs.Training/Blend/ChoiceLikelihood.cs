using Recs.Training.Numerics;

namespace Recs.Training.Blend;

/// <summary>
/// How well weights explain which of its listed movies each person chose: the mean over the people of ln(e^s(chosen) / sum of e^s), s = w x with x what the members say of a movie
/// (McFadden, "Conditional Logit Analysis of Qualitative Choice Behavior", 1974), less ridge / 2 |w|². Concave, so it has one greatest value. The ridge is slight: it makes equal
/// members share alike.
/// </summary>
/// <param name="Value">The value.</param>
/// <param name="Gradient">Its derivative by each weight.</param>
/// <param name="Curvature">Minus its second derivatives: symmetric, positive definite.</param>
internal sealed record ChoiceLikelihood(double Value, double[] Gradient, double[,] Curvature)
{
    private const double Ridge = 1e-3;
    private const int PeopleAtATime = 64;

    /// <summary>Computes. Each block of 64 people is summed by itself and the blocks then in order, in double precision, so that no bit depends on the number of threads.</summary>
    /// <param name="people">At least one.</param>
    /// <param name="weights">One per number that is said of a movie.</param>
    /// <param name="threads">Threads at most.</param>
    public static ChoiceLikelihood Of(IReadOnlyList<ListedMovies> people, double[] weights, int threads)
    {
        var blocks = new ChoiceLikelihood[(people.Count + PeopleAtATime - 1) / PeopleAtATime];
        Workers.Run(threads, blocks.Length, block =>
        {
            var sums = Nothing(weights.Length);
            for (var i = block * PeopleAtATime; i < Math.Min((block + 1) * PeopleAtATime, people.Count); i++)
                sums = sums with { Value = sums.Value + sums.Add(people[i], weights) };
            blocks[block] = sums;
        });
        return Mean(blocks, people.Count, weights);
    }

    private static ChoiceLikelihood Nothing(int weights) => new(0, new double[weights], new double[weights, weights]);

    /// <summary>Adds one person to the gradient and the curvature.</summary>
    /// <returns>The person's part of the value.</returns>
    private double Add(ListedMovies person, double[] weights)
    {
        var (says, width) = (person.Says, weights.Length);
        var scores = new double[person.Count];
        for (var movie = 0; movie < scores.Length; movie++)
            for (var k = 0; k < width; k++)
                scores[movie] += weights[k] * says[(movie * width) + k];
        var (greatest, total) = (scores.Max(), 0.0);
        var (first, second) = (new double[width], new double[width, width]);
        for (var movie = 0; movie < scores.Length; movie++)
        {
            var chance = DeterministicMath.Exp(scores[movie] - greatest);
            total += chance;
            for (var k = 0; k < width; k++)
            {
                var weighted = chance * says[(movie * width) + k];
                first[k] += weighted;
                for (var l = 0; l <= k; l++)
                    second[k, l] += weighted * says[(movie * width) + l];
            }
        }

        for (var k = 0; k < width; k++)
        {
            Gradient[k] += says[(person.Target * width) + k] - (first[k] / total);
            for (var l = 0; l <= k; l++)
                Curvature[k, l] += (second[k, l] / total) - (first[k] / total * (first[l] / total));
        }

        return scores[person.Target] - greatest - DeterministicMath.Log(total);
    }

    private static ChoiceLikelihood Mean(ChoiceLikelihood[] blocks, int people, double[] weights)
    {
        var (value, mean) = (0.0, Nothing(weights.Length));
        foreach (var block in blocks)
        {
            value += block.Value;
            for (var k = 0; k < weights.Length; k++)
            {
                mean.Gradient[k] += block.Gradient[k];
                for (var l = 0; l <= k; l++)
                    mean.Curvature[k, l] += block.Curvature[k, l];
            }
        }

        value /= people;
        for (var k = 0; k < weights.Length; k++)
        {
            value -= Ridge / 2 * weights[k] * weights[k];
            mean.Gradient[k] = (mean.Gradient[k] / people) - (Ridge * weights[k]);
            for (var l = 0; l <= k; l++)
                mean.Curvature[l, k] = mean.Curvature[k, l] = (mean.Curvature[k, l] / people) + (k == l ? Ridge : 0);
        }

        return mean with { Value = value };
    }
}
