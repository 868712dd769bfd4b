using Recs.Training.Evaluating.Comparing;
using Recs.Training.Numerics;

namespace Recs.Training.Tests.Evaluating.Comparing;

public class PairedComparisonsTests
{
    [Fact]
    public void The_p_value_of_a_few_differences_is_the_share_of_all_choices_of_signs_that_are_as_far_from_zero()
    {
        double[] differences = [1, 2, -0.5, 0, 3, 1.5, 0.25, 0, -1];
        var observed = Math.Abs(differences.Sum());
        var asFar = Enumerable.Range(0, 1 << differences.Length).Count(signs => Math.Abs(differences.Select((d, i) => (signs >> i & 1) == 0 ? d : -d).Sum()) >= observed - 1e-9);
        SignFlipTest.PValue(differences, 1).ShouldBe(asFar / (double)(1 << differences.Length), 0.015);
    }

    [Fact]
    public void Models_that_never_differ_are_alike_and_one_that_always_wins_is_not()
    {
        SignFlipTest.PValue(new double[50], 1).ShouldBe(1);
        SignFlipTest.PValue([.. Enumerable.Repeat(0.1, 50)], 1).ShouldBe(1.0 / (SignFlipTest.Flips + 1));
    }

    [Fact]
    public void Many_differences_are_tested_in_blocks_as_the_normal_approximation_says()
    {
        var random = new CounterRandom(1, 2);
        double[] differences = [.. Enumerable.Range(0, 20_000).Select(i => ((random.Below(2001, (ulong)i) - 1000) / 1000.0) + 0.006)];
        var z = differences.Sum() / Math.Sqrt(differences.Sum(d => d * d));
        var p = SignFlipTest.PValue(differences, 1);
        p.ShouldBe(TwoSidedNormal(z), 0.02);
    }

    [Fact]
    public void Holm_s_correction_worked_by_hand() // sorted 0.01, 0.02, 0.03, 0.04: times 4, 3, 2, 1, never falling
        => PairedComparisons.Holm([0.04, 0.01, 0.03, 0.02]).ShouldBe([0.06, 0.04, 0.06, 0.06], 1e-12);

    [Fact]
    public void Every_pair_is_compared_and_the_difference_lies_in_its_interval()
    {
        double[][] figures = [.. Enumerable.Range(0, 3).Select(model => Enumerable.Range(0, 300).Select(user => (user * 7 % 10) < 3 + (2 * model) ? 1.0 : 0).ToArray())];
        var means = Bootstrap.Means(figures, 1);
        var comparisons = PairedComparisons.Of("hr@10", [.. figures.Select((f, i) => new ComparedFigure($"{i}", f.Average(), means[i], f))], 1, 2);
        comparisons.Select(c => (c.A, c.B)).ShouldBe([("0", "1"), ("0", "2"), ("1", "2")]);
        comparisons.ShouldAllBe(c => c.Low <= c.Difference && c.Difference <= c.High && c.High < 0 && c.P < 0.01 && c.PHolm >= c.P);
    }

    /// <summary>Two-sided tail of the normal distribution by numerical integration.</summary>
    private static double TwoSidedNormal(double z)
    {
        const int steps = 100_000;
        var width = Math.Abs(z) / steps;
        var inside = Enumerable.Range(0, steps).Sum(i => Math.Exp(-Math.Pow((i + 0.5) * width, 2) / 2)) * width / Math.Sqrt(2 * Math.PI);
        return 1 - (2 * inside);
    }

    [Fact]
    public void Of_one_person_nothing_is_tested()
        => PairedComparisons.Of("hr@10", [new("a", 1, [1, 1], [1]), new("b", 0, [0, 0], [0])], 1, 1).ShouldBeEmpty();
}
