using FsCheck;
using FsCheck.Fluent;
using Recs.Training.Numerics;

namespace Recs.Training.Tests.Numerics;

public class DeterministicMathTests
{
    [Fact]
    public void The_exponential_is_within_two_units_in_the_last_place_of_the_platform_s() =>
        Prop.ForAll(Gen.Choose(-700_000, 700_000).Select(x => x / 1000.0).ToArbitrary(), x =>
        {
            var expected = Math.Exp(x);
            return Math.Abs(DeterministicMath.Exp(x) - expected) <= 2 * (Math.BitIncrement(expected) - expected);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(-800, 0)]
    public void The_exponential_is_exact_where_it_can_be(double x, double expected) => DeterministicMath.Exp(x).ShouldBe(expected);

    [Fact]
    public void The_logarithm_is_within_two_units_in_the_last_place_of_the_platform_s() =>
        Prop.ForAll(
            (from numerator in Gen.Choose(1, 1_000_000) from denominator in Gen.Choose(1, 1_000_000) from power in Gen.Choose(-300, 300)
             select Math.ScaleB((double)numerator / denominator, power / 10)).ToArbitrary(),
            x =>
            {
                var expected = Math.Log(x);
                return Math.Abs(DeterministicMath.Log(x) - expected) <= 2 * (Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected));
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, double.NegativeInfinity)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(-1, double.NaN)]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(2, 0.6931471805599453)]
    [InlineData(double.Epsilon, -744.4400719213812)]
    public void The_logarithm_is_exact_where_it_can_be(double x, double expected) => DeterministicMath.Log(x).ShouldBe(expected);

    [Fact]
    public void The_exponential_has_these_bits_for_ever() =>
        new[] { -0.25, -1, -4.75 }.Select(x => BitConverter.DoubleToInt64Bits(DeterministicMath.Exp(x)).ToString("x")).ShouldBe(["3fe8ebef9eac820b", "3fd78b56362cef38", "3f81b7fadf9e7099"]);
}
