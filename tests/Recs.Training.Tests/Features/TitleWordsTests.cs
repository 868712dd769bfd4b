using Recs.Training.Features;

namespace Recs.Training.Tests.Features;

public class TitleWordsTests
{
    [Theory]
    [InlineData("Harbour Lights: Part 2 - The Return", new[] { "harbour", "lights", "part", "2", "the", "return" })]
    [InlineData("The Été of the ÉTÉ", new[] { "the", "été", "of" })]
    [InlineData("...", new string[0])]
    [InlineData("", new string[0])]
    [InlineData(null, new string[0])]
    public void Words_are_runs_of_letters_and_digits_in_lower_case_each_once(string? title, string[] words) => TitleWords.Of(title).ShouldBe(words);
}
