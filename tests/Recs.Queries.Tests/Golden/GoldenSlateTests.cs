using System.Text.Json;
using Shouldly;
using Xunit;

namespace Recs.Queries.Tests.Golden;

/// <summary>
/// Slates of the past must be found again, to the bit, for as long as the log lives. Each line of <c>slates.jsonl</c> is one that was recorded by an earlier version of the
/// code; its model lies in <c>models</c>. A change of a model's arithmetic gets a new format or scorer version and lines of its own; no line is ever altered. A new line
/// begins with its content hash and event empty: the test of the fit prints it as it should be, and leaves its model in the folder <c>Golden/models</c> beside the tests' program.
/// </summary>
public class GoldenSlateTests
{
    public static TheoryData<int> Places => [.. Enumerable.Range(0, GoldenSlate.All.Count)];

    public static TheoryData<int> PlacesOfToday => [.. Enumerable.Range(0, GoldenSlate.All.Count).Where(place => GoldenSlate.All[place].IsOfToday)];

    [Theory]
    [MemberData(nameof(Places))]
    public void A_slate_of_the_past_is_served_again_byte_for_byte(int place) => Compare(GoldenSlate.All[place], GoldenSlate.All[place].ServedAgain());

    [Theory]
    [MemberData(nameof(PlacesOfToday))]
    public void A_model_of_the_past_is_fitted_again_byte_for_byte(int place) => Compare(GoldenSlate.All[place], GoldenSlate.All[place].FittedAgain());

    private static void Compare(GoldenSlate then, GoldenSlate now)
        => (now.ContentHash == then.ContentHash && now.Event.GetRawText() == then.Event.GetRawText()).ShouldBeTrue("today it is " + JsonSerializer.Serialize(now));
}
