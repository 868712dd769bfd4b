using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Popularity;

public class ColdStartTests
{
    private static readonly InteractionSet Strangers = GeneratedData.Interactions(watches: true, genres: true);
    private static readonly InteractionSet Known = GeneratedData.WithDemographics(Strangers);

    public static TheoryData<string> Models => [.. Recommenders.All.Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_model_answers_somebody_without_a_history_by_their_groups(string model)
    {
        using Fitted fitted = Fitted.Of(model, Known);
        float[] nobody = Scores(fitted, default), she = Scores(fitted, new("F", 25, null)), he = Scores(fitted, new("M", null, null)), other = Scores(fitted, new("X", 40, "7"));
        she.ShouldNotBe(nobody);
        she.ShouldNotBe(he);
        other.ShouldBe(nobody);
        fitted.Scorer.AnswersByGroup(new([], [], new("F", null, null))).ShouldBeTrue("a scorer holds a ColdStart, and its artifact what AddColdStart adds");
        fitted.Scorer.AnswersByGroup(new([], [], new("X", 40, null))).ShouldBeFalse("nobody is known to be like that");
        fitted.Scorer.AnswersByGroup(new([3], [8], new("F", 25, null))).ShouldBeFalse("a history comes first");
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void What_everybody_gets_is_the_same_with_and_without_groups(string model)
    {
        using Fitted with = Fitted.Of(model, Known), without = Fitted.Of(model, Strangers);
        Scores(with, default).ShouldBe(Scores(without, default));
        Scores(without, new("F", 25, null)).ShouldBe(Scores(without, default));
        without.Scorer.AnswersByGroup(new([], [], new("F", 25, null))).ShouldBeFalse();
    }

    [Fact]
    public void A_lift_is_what_the_group_has_over_what_it_would_have_with_the_taste_of_all()
    {
        using var fitted = Fitted.Of("popularity", TwoTastes(women: 30, men: 20));
        // 30 women have a, 20 men b, all have c: 50 of 100 movies are a woman's two and a man's two
        var score = Scores(fitted, new("F", null, null));
        score[0].ShouldBe(30 * (30 + 50) / ((30 * 0.6f) + 50), 1e-4f);
        score[1].ShouldBe(20 * 50 / ((20 * 0.6f) + 50), 1e-4f);
        score[2].ShouldBe(50 * (30 + 50) / ((50 * 0.6f) + 50), 1e-4f);
        var young = Scores(fitted, new("F", 21, null));
        young[0].ShouldBe(score[0] * (30 + 50) / ((30 * 0.6f) + 50), 1e-4f);
    }

    [Fact]
    public void A_group_of_a_few_people_is_left_out()
    {
        using var fitted = Fitted.Of("popularity", TwoTastes(women: 19, men: 31));
        fitted.Scorer.AnswersByGroup(new([], [], new("F", null, null))).ShouldBeFalse();
        fitted.Scorer.AnswersByGroup(new([], [], new("M", null, null))).ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(17, 0)]
    [InlineData(18, 1)]
    [InlineData(25, 2)]
    [InlineData(34, 2)]
    [InlineData(56, 6)]
    [InlineData(120, 6)]
    [InlineData(-1, -1)]
    [InlineData(null, -1)]
    public void An_age_belongs_to_a_band(int? age, int band) => AgeBands.Of(age).ShouldBe(band);

    [Fact]
    public void Lifts_that_are_not_one_per_movie_and_group_are_damage()
    {
        using var folder = new TemporaryFolder();
        var store = new ArtifactStore(folder.Path);
        using var artifact = new Artifact("popularity", 1).Add("movies", (string[])["a", "b"]).Add("popularity", (ReadOnlySpan<int>)[1, 1])
            .Add("genders", (string[])["F"]).Add("age-bands", (ReadOnlySpan<int>)[7]).Add("group-lift", (ReadOnlySpan<float>)[1, 1, 1, 1]);
        var hash = store.Put(artifact).ContentHash;
        Should.Throw<DamagedArtifactException>(() => new PopularityRecommender().Open(store.Open(hash))).Message.ShouldContain("4 lifts for 1 genders, 1 age bands and 2 movies");
    }

    private static float[] Scores(Fitted fitted, Demographics person)
    {
        var scores = new float[fitted.Scorer.Movies.Count];
        fitted.Scorer.Score(new UserState([], [], person), scores);
        return scores;
    }

    /// <summary>Women of 18 have seen a and c, men of 50 b and c.</summary>
    private static InteractionSet TwoTastes(int women, int men)
    {
        var builder = new InteractionSetBuilder();
        for (var person = 0; person < women + men; person++)
        {
            builder.Add($"{person:000}", person < women ? "a" : "b", 8, 1);
            builder.Add($"{person:000}", "c", 8, 2);
        }

        return builder.Build().WithDemographics([.. Enumerable.Range(0, women + men).Select(person => person < women ? new Demographics("F", 18, null) : new Demographics("M", 50, null))]);
    }
}
