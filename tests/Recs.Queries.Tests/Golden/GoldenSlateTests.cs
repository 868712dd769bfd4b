using System.Text.Json;
using Shouldly;
using Xunit;

namespace Recs.Queries.Tests.Golden;

/// <summary>
/// Slates of the past must be found again, to the bit, for as long as the log lives. Each line of <c>slates.jsonl</c> is one that was recorded by an earlier version of the
/// code; a failure prints the line as it would be today. A change of a model's arithmetic gets a new format or scorer version and new lines, never altered ones.
/// </summary>
public class GoldenSlateTests
{
    public static TheoryData<int> Places => [.. Enumerable.Range(0, GoldenSlate.All.Count)];

    [Theory]
    [MemberData(nameof(Places))]
    public void A_slate_of_the_past_is_made_again_byte_for_byte(int place)
    {
        var golden = GoldenSlate.All[place];
        var again = golden.Again();
        (again.ContentHash == golden.ContentHash && again.Event.GetRawText() == golden.Event.GetRawText()).ShouldBeTrue("today it is " + JsonSerializer.Serialize(again));
    }
}
