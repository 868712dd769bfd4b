using Recs.Training.Numerics;
using Recs.Training.Tests.Neural;

namespace Recs.Training.Tests.NeuralCf;

public class NeuralCfTests
{
    private const int People = 5;

    /// <summary>The loss by its definition: log Σ exp(score) - score(target), score = u v + b + Σ weight max(0, c + a)².</summary>
    [Fact]
    public void The_loss_is_the_softmax_of_products_and_units()
    {
        var step = Steps.Pairs(People);
        float[] u = step[0], c = step[1], v = step[2], a = step[3], weight = step[4], bias = step[5];
        var (targets, padded, expected) = (Steps.TargetsOf(People), Matrix.StrideFor(Steps.Movies), 0.0);
        for (var person = 0; person < People; person++)
        {
            var scores = Enumerable.Range(0, Steps.Movies).Select(movie => bias[movie] + Enumerable.Range(0, 16).Sum(j =>
                ((double)u[(person * 16) + j] * v[(movie * 16) + j]) + (weight[j] * Math.Pow(Math.Max(0, c[(person * 16) + j] + a[(j * padded) + movie]), 2)))).ToArray();
            for (var entry = targets.Start[person]; entry < targets.Start[person + 1]; entry++)
                expected += targets.Weight[entry] * (Math.Log(scores.Sum(Math.Exp)) - scores[targets.Movie[entry]]);
        }

        step.Compute(InstructionSets.Supported[^1]).ShouldBe(expected, 1e-5);
    }

    [Fact]
    public void Both_ways_of_meeting_shape_the_scores()
    {
        using var products = Fitted.Of("neural-cf", GeneratedData.Interactions(), ("units", "16"));
        using var units = Fitted.Of("neural-cf", GeneratedData.Interactions(), ("units", "32"));
        units.Scores("m1", "m2").Values.ShouldNotBe(products.Scores("m1", "m2").Values);
    }
}
