using System.Text.Json;
using Recs.Contracts;
using Recs.Contracts.Recommendations;
using Recs.Contracts.Registry;
using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Queries.Replaying;
using Recs.Queries.Serving;
using Recs.Training.Reranking;
using Shouldly;
using Xunit;

namespace Recs.Queries.Tests;

public class SlateTests
{
    private readonly MovieNumbers _numbers = new();

    private LiveModel Model(params (string Movie, float Score)[] scores) => new(
        new ModelTrained("t", "linear-autoregression", "linear-autoregression-v0.1", new string('a', 64), "s", new string('b', 64), 1_010_132,
            new Dictionary<string, string>(), 1, 1, "revision", false, [], 1, 1, DateTimeOffset.UnixEpoch),
        new TableScorer(scores.ToDictionary(s => s.Movie, s => s.Score)), _numbers);

    private CatalogueState Catalogue(params (string Id, string Genre)[] movies)
        => CatalogueState.Empty.With([.. movies.Select((m, i) => ((long)i + 1, new Movie(m.Id, "Title of " + m.Id, 1999, [m.Genre], false)))], _numbers);

    private string[] Found(LiveModel model, int k, string[]? seen = null, SlateRules? rules = null, CatalogueState? catalogue = null)
    {
        var slate = new Slate();
        slate.Find(model, catalogue ?? CatalogueState.Empty, Viewers.Of(_numbers, seen ?? []), rules ?? SlateRules.None, k);
        return [.. slate.Items.ToArray().Select(dense => model.Scorer.Movies[dense])];
    }

    [Fact]
    public void The_best_come_first_and_equal_scores_in_ordinal_order_of_the_id()
        => Found(Model(("b", 1), ("a", 1), ("10", 1), ("9", 1), ("c", 2)), 5).ShouldBe(["c", "10", "9", "a", "b"]);

    [Fact]
    public void What_the_person_has_seen_is_left_out()
        => Found(Model(("a", 3), ("b", 2), ("c", 1)), 3, seen: ["a", "unknown-to-the-model"]).ShouldBe(["b", "c"]);

    [Fact]
    public void What_the_caller_excludes_is_left_out()
        => Found(Model(("a", 3), ("b", 2), ("c", 1)), 3, rules: new SlateRules(null, ["b", "never-heard-of"])).ShouldBe(["a", "c"]);

    [Fact]
    public void A_genre_keeps_only_its_movies()
        => Found(Model(("a", 3), ("b", 2), ("c", 1)), 3, rules: new SlateRules("Drama", []), catalogue: Catalogue(("a", "Comedy"), ("b", "Drama"), ("c", "Drama"))).ShouldBe(["b", "c"]);

    [Fact]
    public void The_filter_survives_being_recorded()
    {
        var rules = new SlateRules("Drama", ["a", "b"]);
        var read = SlateRules.Of(rules.Policy);
        read.Genre.ShouldBe("Drama");
        read.Exclude.ShouldBe(["a", "b"]);
        SlateRules.Of(SlateRules.None.Policy).Exclude.ShouldBeEmpty();
    }

    [Fact]
    public void Diversity_survives_being_recorded_under_a_version_of_its_own()
    {
        var rules = new SlateRules(null, [], new(Rerankers.Mmr, 0.3));
        rules.Policy.ShouldBe(new SlatePolicy(2, Diversity: 0.3));
        SlateRules.Of(rules.Policy).Rerank.ShouldBe(rules.Rerank);
    }

    [Fact]
    public void Every_other_re_ranker_survives_being_recorded_by_name_and_weight()
    {
        foreach (var name in Rerankers.Names.Except([Rerankers.Mmr]))
        {
            var rules = new SlateRules(null, [], new(name, 0.7));
            rules.Policy.ShouldBe(new SlatePolicy(3, Reranker: name, Weight: 0.7));
            SlateRules.Of(rules.Policy).Rerank.ShouldBe(rules.Rerank);
        }
    }

    [Theory]
    [InlineData(99, null, null, null)]
    [InlineData(1, 0.5, null, null)]
    [InlineData(1, null, "dpp", 0.5)]
    [InlineData(2, null, null, null)]
    [InlineData(2, 1.5, null, null)]
    [InlineData(2, 0.5, "dpp", 0.5)]
    [InlineData(3, null, null, null)]
    [InlineData(3, null, "dpp", null)]
    [InlineData(3, null, "dpp", 0.0)]
    [InlineData(3, null, "dpp", 1.01)]
    [InlineData(3, null, "a re-ranker of the future", 0.5)]
    [InlineData(3, 0.5, "dpp", 0.5)]
    public void A_policy_that_this_code_does_not_know_is_not_guessed_at(int version, double? diversity, string? reranker, double? weight)
        => Should.Throw<NotSupportedException>(() => SlateRules.Of(new SlatePolicy(version, Diversity: diversity, Reranker: reranker, Weight: weight)));

    [Theory]
    [InlineData(Rerankers.Mmr)]
    [InlineData(Rerankers.Dpp)]
    [InlineData(Rerankers.GenreCalibrated)]
    [InlineData(Rerankers.PopularityCalibrated)]
    public void The_written_policy_names_the_re_ranker(string name)
    {
        var rules = new SlateRules("Drama", ["x"], new(name, 0.25));
        var model = Model(("a", 3), ("b", 2), ("c", 1));
        var (served, slate) = Serve(model, Query(2), rules, Catalogue(("a", "Drama"), ("b", "Drama")));
        var text = new Utf8Text();
        SlateText.WriteEvent(text, served, slate, "0123abcd");
        var policy = JsonSerializer.Deserialize(text.Written.Span, EventJson.Default.RecommendationServed)!.Policy;
        (policy with { Exclude = null }).ShouldBe(rules.Policy with { Exclude = null });
        policy.Exclude.ShouldBe(["x"]);
    }

    [Fact]
    public void A_slate_from_before_diversity_and_builds_is_found_again()
    {
        var old = JsonSerializer.Deserialize(
            """
            {"RequestId":"0193a5c0f1b27c0e8d6f000000000000","UserId":"7","K":2,"Items":["b","c"],"Scores":[3.5,2.25],"Model":"linear-autoregression",
             "ModelVersion":"linear-autoregression-v0.1","ScorerVersion":1,"Channel":"live","Personalized":true,"UserVersion":3,"UserDigest":"00000000000000ff",
             "ThroughSequence":12,"CatalogueSequence":4,"Policy":{"V":1,"Genre":"Drama","Exclude":["x"]},"LatencyMs":0.12,"At":"2026-01-02T03:04:05.678Z"}
            """, EventJson.Default.RecommendationServed)!;
        old.Build.ShouldBeNull();
        var model = Model(("a", 9), ("b", 2.5f), ("c", 1.25f), ("x", 8));
        var slate = new Slate();
        slate.Find(model, Catalogue(("a", "Drama"), ("b", "Drama"), ("c", "Drama"), ("x", "Drama")), Viewers.Of(_numbers, "a"), SlateRules.Of(old.Policy), old.K);
        SlateComparison.OfItems(old, model, slate).ShouldBeNull();
    }

    [Theory]
    [InlineData(null, "of the 2 movies that linear-autoregression-v0.1 knows, this person has seen every one.", "a", "b")]
    [InlineData("Drama", "of the 2 movies that linear-autoregression-v0.1 knows, this person has seen 1, and the request leaves out the others (it asks for Drama).", "a")]
    public void A_slate_of_nothing_says_why_and_is_nobody_s_taste(string? genre, string why, params string[] seen)
    {
        var (served, slate) = Serve(Model(("a", 2), ("b", 1)), Query(2), new SlateRules(genre, []), Catalogue(("a", "Drama"), ("b", "Comedy")), seen);
        var text = new Utf8Text();
        SlateText.WriteAnswer(text, served, slate, new SlateReasons());
        var read = JsonSerializer.Deserialize<SlateAnswer>(text.Written.Span, JsonSerializerOptions.Web)!;
        read.Items.ShouldBeEmpty();
        (read.Personalized, read.Fallback, read.Remark).ShouldBe((false, "nothing-left", "Nothing is left to recommend: " + why));
        SlateText.WriteEvent(text, served, slate, "0123abcd");
        var recorded = JsonSerializer.Deserialize(text.Written.Span, EventJson.Default.RecommendationServed)!;
        (recorded.Personalized, recorded.Fallback).ShouldBe((false, "nothing-left"));
        SlateComparison.OfItems(recorded, served.Ground.Model, slate).ShouldBeNull();
        SlateComparison.OfItems(recorded with { Personalized = true, Fallback = null }, served.Ground.Model, slate).ShouldBeNull("slates were recorded before there was a word for it");
    }

    private (ServedSlate Served, Slate Slate) Serve(LiveModel model, RecommendQuery query, SlateRules rules, CatalogueState catalogue, params string[] seen)
    {
        var slate = new Slate();
        var user = Viewers.Of(_numbers, seen);
        slate.Find(model, catalogue, user, rules, query.K);
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
        var ground = new SlateGround(model, catalogue, user, 1_010_200);
        return (new ServedSlate(Guid.Parse("01234567-89ab-7def-8123-456789abcdef"), query, rules, ground, "live", true, true, 0.1234567, at), slate);
    }

    private static RecommendQuery Query(int k, string userId = "6040") => new(userId, k, null, null, [], 0, TimeSpan.Zero, false);

    [Fact]
    public void The_written_event_is_what_the_contract_reads()
    {
        var model = Model(("m'1", 0.1f), ("m2", 1e-9f), ("m3", 12345.678f));
        var rules = new SlateRules("Film-Noir \"é\"", ["m2"]);
        var (served, slate) = Serve(model, Query(2), rules, Catalogue(("m'1", "Film-Noir \"é\""), ("m3", "Film-Noir \"é\"")));
        var text = new Utf8Text();
        SlateText.WriteEvent(text, served, slate, "0123abcd");
        var read = JsonSerializer.Deserialize(text.Written.Span, EventJson.Default.RecommendationServed)!;
        read.RequestId.ShouldBe("0123456789ab7def8123456789abcdef");
        read.Items.ShouldBe(["m3", "m'1"]);
        read.Scores.ShouldBe([12345.678f, 0.1f]);
        (read.UserId, read.K, read.Model, read.ModelVersion, read.ScorerVersion).ShouldBe(("6040", 2, "linear-autoregression", "linear-autoregression-v0.1", 1));
        (read.Channel, read.Personalized, read.Fallback, read.UserVersion, read.UserDigest).ShouldBe(("live", false, "cold-start", 0, "0000000000000000"));
        (read.ThroughSequence, read.CatalogueSequence, read.LatencyMs, read.At).ShouldBe((1_010_200, 2, 0.123, served.At));
        (read.Policy.V, read.Policy.Genre).ShouldBe((1, "Film-Noir \"é\""));
        read.Policy.Exclude.ShouldBe(["m2"]);
        read.Build.ShouldBe("0123abcd");
    }

    [Fact]
    public void A_slate_of_twenty_movielens_ids_fits_in_850_bytes()
    {
        var model = Model([.. Enumerable.Range(0, 40).Select(i => ($"{3000 + i}", (float)((i + 1) / 300.0 + 0.0123456789)))]);
        var (served, slate) = Serve(model, Query(20), SlateRules.None, CatalogueState.Empty);
        var text = new Utf8Text();
        SlateText.WriteEvent(text, served, slate, "0123abcd");
        text.Length.ShouldBeLessThanOrEqualTo(850);
    }

    [Fact]
    public void The_written_answer_is_the_json_that_the_document_describes()
    {
        var model = Model(("1", 2), ("2", 1));
        var (served, slate) = Serve(model, Query(2), SlateRules.None, Catalogue(("1", "Comedy")));
        var text = new Utf8Text();
        SlateText.WriteAnswer(text, served, slate, new SlateReasons());
        var read = JsonSerializer.Deserialize<SlateAnswer>(text.Written.Span, JsonSerializerOptions.Web)!;
        read.Items[0].Title.ShouldBe("Title of 1");
        read.Items[0].Genres.ShouldBe(["Comedy"]);
        read.Items[1].Title.ShouldBe("2", "an id that the catalogue does not hold stands for itself");
        (read.Personalized, read.Fallback, read.ThroughSequence).ShouldBe((false, "cold-start", 1_010_200));
        SlateText.WriteIds(text, served, slate);
        System.Text.Encoding.UTF8.GetString(text.Written.Span).ShouldBe("1,2");
    }
}
