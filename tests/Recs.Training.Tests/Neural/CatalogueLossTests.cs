using Recs.Training.Neural;
using Recs.Training.Numerics;

namespace Recs.Training.Tests.Neural;

public class CatalogueLossTests
{
    [Theory]
    [InlineData(1, 16, false)]
    [InlineData(15, 64, false)]
    [InlineData(31, 48, false)]
    [InlineData(32, 64, false)]
    [InlineData(33, 48, false)]
    [InlineData(33, 16, true)]
    [InlineData(97, 64, true)]
    public void Loss_and_gradients_are_those_of_a_softmax_by_hand(int rows, int width, bool leavesOut)
    {
        var loss = Steps.Loss(rows, width, leavesOut);
        var expected = ByHand(loss, rows, width, Steps.TargetsOf(rows, leavesOut));
        foreach (var isa in InstructionSets.Supported)
        {
            var (found, gradients) = loss.Learn(isa);
            found.ShouldBe(expected.Loss, 1e-6 * Math.Abs(expected.Loss), $"{isa}");
            for (var argument = 0; argument < 3; argument++)
                foreach (var (gradient, slope) in loss.Of(argument, gradients).Zip(expected.Slopes[argument]))
                    ((double)gradient).ShouldBe(slope, 2e-5, $"{isa}, argument {argument}");
        }
    }

    [Fact]
    public void Scores_far_apart_neither_overflow_nor_vanish()
    {
        var loss = Steps.Loss(33, 16, spread: 20);
        var expected = ByHand(loss, 33, 16, Steps.TargetsOf(33)).Loss;
        expected.ShouldBeGreaterThan(10_000);
        foreach (var isa in InstructionSets.Supported)
        {
            var (found, gradients) = loss.Learn(isa);
            found.ShouldBe(expected, 1e-6 * expected);
            gradients.ShouldAllBe(gradient => float.IsFinite(gradient));
        }
    }

    private static (double Loss, double[][] Slopes) ByHand(StepUnderTest step, int rows, int width, Targets targets)
    {
        float[] hidden = step[0], table = step[1], bias = step[2];
        double[] byHidden = new double[hidden.Length], byTable = new double[table.Length], byBias = new double[bias.Length];
        var loss = 0.0;
        for (var row = 0; row < rows; row++)
        {
            var scores = Enumerable.Range(0, Steps.Movies).Select(movie => bias[movie] + Enumerable.Range(0, width).Sum(j => (double)hidden[(row * width) + j] * table[(movie * width) + j])).ToArray();
            if (targets.LeftOut is { } leftOut)
                foreach (var movie in leftOut.Movies[leftOut.From[row]..leftOut.To[row]])
                    scores[movie] = double.NegativeInfinity;
            var most = scores.Max();
            var all = scores.Sum(score => Math.Exp(score - most));
            for (var entry = targets.Start[row]; entry < targets.Start[row + 1]; entry++)
            {
                loss += targets.Weight[entry] * (most + Math.Log(all) - scores[targets.Movie[entry]]);
                for (var movie = 0; movie < Steps.Movies; movie++)
                {
                    var slope = targets.Weight[entry] * ((Math.Exp(scores[movie] - most) / all) - (movie == targets.Movie[entry] ? 1 : 0));
                    byBias[movie] += slope;
                    for (var j = 0; j < width; j++)
                    {
                        byHidden[(row * width) + j] += slope * table[(movie * width) + j];
                        byTable[(movie * width) + j] += slope * hidden[(row * width) + j];
                    }
                }
            }
        }

        return (loss, [byHidden, byTable, byBias]);
    }
}
