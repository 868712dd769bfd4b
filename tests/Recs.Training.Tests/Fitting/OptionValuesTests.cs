using Recs.Training.Fitting;

namespace Recs.Training.Tests.Fitting;

public class OptionValuesTests
{
    private static readonly OptionDescription[] Options = [new("tau", "decay", 0.5, 10, 4, "a test"), new("rounds", "rounds", 1, 5, 2, "a test", Whole: true)];

    [Fact]
    public void Defaults_are_filled_in_and_written_as_invariant_text() =>
        OptionValues.Parse(Options, new Dictionary<string, string> { ["tau"] = "0.75" }).ToText().ShouldBe(new Dictionary<string, string> { ["rounds"] = "2", ["tau"] = "0.75" });

    [Theory]
    [InlineData("tau", "0.4", "from 0.5 to 10")]
    [InlineData("tau", "NaN", "from 0.5 to 10")]
    [InlineData("tau", "much", "'much'")]
    [InlineData("rounds", "1.5", "whole number")]
    [InlineData("depth", "1", "Options: tau, rounds")]
    public void What_cannot_be_an_option_is_refused_with_what_could(string name, string value, string message) =>
        Should.Throw<ArgumentException>(() => OptionValues.Parse(Options, new Dictionary<string, string> { [name] = value })).Message.ShouldContain(message);

    [Fact]
    public void Every_recommender_s_defaults_are_within_their_ranges() =>
        Recommenders.All.SelectMany(r => r.Options).ShouldAllBe(o => o.Default >= o.Minimum && o.Default <= o.Maximum);

    [Fact]
    public void An_unknown_model_is_refused_with_the_names_there_are() =>
        Should.Throw<ArgumentException>(() => Recommenders.Named("magic")).Message.ShouldContain("popularity, popularity-genre, item-knn,");
}
