using FsCheck;
using FsCheck.Fluent;
using Recs.Training.Numerics;

namespace Recs.Training.Tests.Numerics;

public class TopKTests
{
    /// <summary>Few distinct numbers, so that there are many ties.</summary>
    private static readonly Arbitrary<(int[] Values, int K)> Cases =
        (from values in Gen.ArrayOf(Gen.Choose(-3, 3)) from k in Gen.Choose(0, 12) select (values, k)).ToArbitrary();

    [Fact]
    public void It_agrees_with_sorting_everything() => Prop.ForAll(Cases, c =>
    {
        var values = c.Values.Select(v => v == -3 ? float.NegativeInfinity : v).ToArray();
        var expected = values.Select((value, index) => (value, index)).Where(v => v.value > float.NegativeInfinity)
            .OrderByDescending(v => v.value).ThenBy(v => v.index).Take(c.K).ToList();
        var indices = new int[c.K];
        var best = new float[c.K];
        var found = TopK.Select(values, indices, best);
        indices.Take(found).ShouldBe(expected.Select(e => e.index));
        best.Take(found).ShouldBe(expected.Select(e => e.value));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void What_is_not_a_number_is_never_chosen()
    {
        var indices = new int[3];
        TopK.Select([float.NaN, 1, float.NegativeInfinity], indices, new float[3]).ShouldBe(1);
        indices[0].ShouldBe(1);
    }
}
