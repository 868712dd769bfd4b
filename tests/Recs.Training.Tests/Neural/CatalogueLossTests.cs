using Recs.Training.Numerics;

namespace Recs.Training.Tests.Neural;

public class CatalogueLossTests
{
    [Theory]
    [InlineData(1, 16)]
    [InlineData(15, 64)]
    [InlineData(31, 48)]
    [InlineData(32, 64)]
    [InlineData(33, 48)]
    [InlineData(33, 16)]
    [InlineData(97, 64)]
    public void Loss_and_gradients_are_those_of_a_softmax_by_hand(int rows, int width)
    {
        var loss = Steps.Loss(rows, width);
        var expected = ByHand(loss, rows, width);
        foreach (var isa in InstructionSets.Supported)
        {
            var (found, gradients) = loss.Learn(isa);
            found.ShouldBe(expected.Loss, 1e-6 * Math.Abs(expected.Loss), $"{isa}");
            for (var argument = 0; argument < 3; argument++)
                foreach (var (gradient, slope) in loss.Of(argument, gradients).Zip(expected.Slopes[argument]))
                    ((double)gradient).ShouldBe(slope, 2e-5, $"{isa}, argument {argument}");
        }
    }

    private static (double Loss, double[][] Slopes) ByHand(StepUnderTest step, int rows, int width)
    {
        float[] hidden = step[0], table = step[1], bias = step[2];
        var targets = Steps.TargetsOf(rows);
        double[] byHidden = new double[hidden.Length], byTable = new double[table.Length], byBias = new double[bias.Length];
        var loss = 0.0;
        for (var row = 0; row < rows; row++)
        {
            var scores = Enumerable.Range(0, Steps.Movies).Select(movie => bias[movie] + Enumerable.Range(0, width).Sum(j => (double)hidden[(row * width) + j] * table[(movie * width) + j])).ToArray();
            var all = scores.Sum(Math.Exp);
            for (var entry = targets.Start[row]; entry < targets.Start[row + 1]; entry++)
            {
                loss += targets.Weight[entry] * (Math.Log(all) - scores[targets.Movie[entry]]);
                for (var movie = 0; movie < Steps.Movies; movie++)
                {
                    var slope = targets.Weight[entry] * ((Math.Exp(scores[movie]) / all) - (movie == targets.Movie[entry] ? 1 : 0));
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
