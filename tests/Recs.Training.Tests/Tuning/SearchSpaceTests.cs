using Recs.Training.Fitting;
using Recs.Training.Tuning;

namespace Recs.Training.Tests.Tuning;

public class SearchSpaceTests
{
    private static readonly OptionDescription Wide = new("ridge", "penalty", 1e-3, 1e9, 500, "a test");

    [Fact]
    public void Every_recommender_is_searched_within_its_ranges_and_about_its_defaults() =>
        Recommenders.All.SelectMany(r => r.Options).ShouldAllBe(o =>
            o.Searched.Low >= o.Minimum && o.Searched.High <= o.Maximum && o.Searched.Low <= o.Default && o.Default <= o.Searched.High);

    [Fact]
    public void Where_more_is_allowed_than_can_be_searched_the_search_stays_about_the_default() => Wide.Searched.ShouldBe(new(500.0 / 30, 500 * 30));

    [Fact]
    public void An_option_that_is_not_tuned_has_one_value() => (Wide with { IsTuned = false }).Searched.ShouldBe(new(500, 500));

    [Fact]
    public void A_range_of_more_than_two_decades_is_drawn_from_in_its_logarithm_and_another_evenly()
    {
        SearchSpace.Draw(Wide with { Search = new(1, 10_000) }, 0.5).ShouldBe(100);
        SearchSpace.Draw(Wide with { Search = new(1, 99) }, 0.5).ShouldBe(50);
        SearchSpace.Draw(Wide with { Search = new(0, 1000) }, 0.25).ShouldBe(250);
        SearchSpace.Draw(Wide with { Search = new(1, 10), Whole = true }, 0.5).ShouldBe(6); // 5.5, to the even one
    }

    [Fact]
    public void The_first_trial_is_the_defaults_and_all_others_are_allowed_and_differ()
    {
        foreach (var recommender in Recommenders.All.Where(r => SearchSpace.Of(r, TuningMetric.Ndcg).Any()))
        {
            var trials = Enumerable.Range(0, 30).Select(trial => string.Join(' ', SearchSpace.Draw(recommender, TuningMetric.Ndcg, trial, 1).ToText())).ToList();
            trials[0].ShouldBe(string.Join(' ', OptionValues.Parse(recommender.Options).ToText()));
            trials.Distinct().Count().ShouldBe(30);
        }
    }

    [Fact]
    public void Another_seed_draws_other_trials() =>
        SearchSpace.Draw(Recommenders.Named("ease"), TuningMetric.Ndcg, 1, 1).ToText().ShouldNotBe(SearchSpace.Draw(Recommenders.Named("ease"), TuningMetric.Ndcg, 1, 2).ToText());

    [Fact]
    public void What_no_predicted_rating_depends_on_is_not_tuned_by_their_errors()
    {
        var knn = Recommenders.Named("knn-baseline");
        SearchSpace.Of(knn, TuningMetric.Ndcg).ShouldContain(o => o.Name == "tau");
        SearchSpace.Of(knn, TuningMetric.Rmse).ShouldNotContain(o => o.Name == "tau");
    }
}
