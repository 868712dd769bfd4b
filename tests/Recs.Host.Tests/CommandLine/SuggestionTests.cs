using Recs.Host.CommandLine;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.CommandLine;

public sealed class SuggestionTests
{
    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "acb", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void distance_counts_insertions_deletions_replacements_and_swaps(string a, string b, int expected)
        => Suggestion.Distance(a, b).ShouldBe(expected);

    [Fact]
    public async Task a_word_unlike_any_verb_gets_no_suggestion()
        => (await Invocation.OfAsync("xyzzyplugh")).Error.ShouldNotContain("did you mean");
}
