using Recs.Training.Blend;
using Recs.Training.Numerics;

namespace Recs.Training.Tests.Blend;

public class ChoiceLikelihoodTests
{
    private static readonly double[] Weights = [0.4, 0, 1.1, 0.2];

    [Fact]
    public void Gradient_and_curvature_are_the_differences_of_the_value()
    {
        var people = People(300, 2);
        var at = ChoiceLikelihood.Of(people, Weights, 1);
        for (var k = 0; k < Weights.Length; k++)
        {
            var (more, less) = (At(people, k, 1e-5), At(people, k, -1e-5));
            at.Gradient[k].ShouldBe((more.Value - less.Value) / 2e-5, 1e-7);
            for (var l = 0; l < Weights.Length; l++)
                at.Curvature[k, l].ShouldBe(-(more.Gradient[l] - less.Gradient[l]) / 2e-5, 1e-7);
        }
    }

    [Fact]
    public void No_bit_depends_on_the_number_of_threads()
    {
        var people = People(1_000, 2);
        ChoiceLikelihood one = ChoiceLikelihood.Of(people, Weights, 1), three = ChoiceLikelihood.Of(people, Weights, 3);
        three.Value.ShouldBe(one.Value);
        three.Gradient.ShouldBe(one.Gradient);
        three.Curvature.Cast<double>().ShouldBe(one.Curvature.Cast<double>());
    }

    /// <summary>People choose by chances of e^(0.8 x), so with many of them the weight of x comes out near 0.8, and that of what they do not hear near 0.</summary>
    [Fact]
    public void Weights_that_people_chose_by_are_found_again()
    {
        var fitted = BlendWeights.Fit(People(5_000, 2, heard: 0.8), 2, 5_000, new(Threads: 1));
        fitted.Of[0].Even.ShouldBe(0.8, 0.08);
        new[] { fitted.Of[0].Top, fitted.Of[1].Even, fitted.Of[1].Top }.ShouldAllBe(weight => weight < 0.05);
    }

    [Fact]
    public void Equal_members_share_alike()
    {
        var twins = People(2_000, 1, heard: 0.8).ConvertAll(p => p with { Says = [.. Enumerable.Range(0, p.Count).SelectMany(m => Enumerable.Repeat(p.Says[(2 * m)..((2 * m) + 2)], 2).SelectMany(s => s))] });
        var fitted = BlendWeights.Fit(twins, 2, twins.Count, new(Threads: 1));
        fitted.Of[0].Even.ShouldBe(0.4, 0.1);
        fitted.Of[1].Even.ShouldBe(fitted.Of[0].Even, 1e-6);
        fitted.Of[1].Top.ShouldBe(fitted.Of[0].Top, 1e-6);
    }

    [Fact]
    public void Members_that_only_mislead_are_all_taken_alike_rather_than_none()
    {
        var misled = People(500, 1, heard: -2).ConvertAll(p => p with { Says = [.. p.Says.Select((_, i) => p.Says[i & ~1])] });
        BlendWeights.Fit(misled, 1, misled.Count, new(Threads: 1)).Of.ShouldBe([new MemberWeight(0, 1)]);
        BlendWeights.Fit([], 2, 0, new()).Of.ShouldBe([new MemberWeight(0, 0.5), new MemberWeight(0, 0.5)]);
    }

    private static ChoiceLikelihood At(IReadOnlyList<ListedMovies> people, int weight, double step)
        => ChoiceLikelihood.Of(people, [.. Weights.Select((w, k) => k == weight ? w + step : w)], 1);

    /// <summary>Each is asked about ten movies, of which each member says two numbers, and chooses one of them by the first member's first number.</summary>
    private static List<ListedMovies> People(int count, int members, double heard = 0)
    {
        const int movies = 10;
        var random = new CounterRandom(3, 9);
        ulong draw = 0;
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var says = Enumerable.Range(0, movies * members * 2).Select(_ => (float)((Uniform() * 4) - 2)).ToArray();
            var chances = Enumerable.Range(0, movies).Select(m => Math.Exp(heard * says[m * members * 2])).ToArray();
            var (left, target) = (Uniform() * chances.Sum(), 0);
            while (target < movies - 1 && (left -= chances[target]) > 0)
                target++;
            return new ListedMovies(movies, target, says);
        })];

        double Uniform() => random.Below(1 << 20, draw++) / (double)(1 << 20);
    }
}
