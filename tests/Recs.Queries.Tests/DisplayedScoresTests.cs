using FsCheck;
using FsCheck.Fluent;
using Recs.Contracts.Registry;
using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Queries.Serving;
using Shouldly;
using Xunit;

namespace Recs.Queries.Tests;

public class DisplayedScoresTests
{
    private static readonly Guid Request = Guid.Parse("01234567-89ab-7def-8123-456789abcdef");

    private static LiveModel Model(float score) => new(
        new ModelTrained("t", "m", "m-v0.1", "h", "s", "d", 1, new Dictionary<string, string>(), 1, 1, "r", false, [], 1, 1, DateTimeOffset.UnixEpoch),
        new TableScorer(new Dictionary<string, float> { ["a"] = score }), new MovieNumbers());

    private static float[] Shown(Guid request, float weight, float score)
    {
        var noise = DisplayedScores.Noise(Model(weight), request);
        return [.. Enumerable.Range(0, 100).Select(place => DisplayedScores.Shown(score, noise, place))];
    }

    [Fact]
    public void Four_digits_are_shown_and_the_last_is_off_by_one_at_most()
        => Shown(Request, 1, 0.02894735f).Distinct().Order().ShouldBe([0.02894f, 0.02895f, 0.02896f]);

    [Fact]
    public void The_same_request_shows_the_same_and_another_another()
    {
        Shown(Request, 1, 0.5f).ShouldBe(Shown(Request, 1, 0.5f));
        Shown(Request, 1, 0.5f).ShouldNotBe(Shown(Guid.NewGuid(), 1, 0.5f));
    }

    [Fact]
    public void Who_lacks_the_model_cannot_draw_the_noise() => Shown(Request, 1, 0.5f).ShouldNotBe(Shown(Request, 1.0000001f, 0.5f));

    [Fact]
    public void Any_score_stays_within_one_and_a_half_of_its_fourth_digit() => Prop.ForAll(
        (from mantissa in Gen.Choose(-9_999_999, 9_999_999) from power in Gen.Choose(-15, 15) select (float)(mantissa * Math.Pow(10, power))).ToArbitrary(),
        score => Shown(Request, 1, score).All(shown => Math.Abs((double)shown - score) <= Math.Abs((double)score) * 1.51e-3)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0f)]
    [InlineData(float.PositiveInfinity)]
    public void What_has_no_digits_is_shown_as_it_is(float score) => Shown(Request, 1, score).Distinct().ShouldBe([score]);
}
