using System.Text.Json;
using Recs.Contracts;
using Recs.Contracts.Recommendations;
using Recs.Contracts.Registry;
using Recs.Contracts.Users;
using Recs.EventStore;
using Recs.Projections;
using Recs.Projections.UserHistory;
using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Queries.Replaying;
using Recs.Queries.Serving;
using Recs.Training.Reranking;
using Recs.Queries.UserStates;
using Shouldly;
using Xunit;

namespace Recs.Queries.Tests;

public class PredictedRatingTests
{
    private static readonly Dictionary<string, float> Stars = new() { ["a"] = 4.1234567f, ["b"] = 2.7182818f, ["c"] = 3.1415927f };
    private readonly MovieNumbers _numbers = new();
    private readonly LiveModel _model;

    public PredictedRatingTests() => _model = Model(new StarsScorer(Stars) { Gender = "F" });

    private LiveModel Model(Training.Scoring.IScorer scorer) => new(
        new ModelTrained("t", "m", "m-v0.1", "h", "s", "d", 1, new Dictionary<string, string>(), 1, 1, "r", false, [], 1, 1, DateTimeOffset.UnixEpoch), scorer, _numbers);

    private KnownUser Person(double? rated = null, string? gender = null)
    {
        var (state, ids) = (UserHistoryState.Empty, new IdPool());
        if (gender is not null)
            Fact(EventAliases.UserRegistered, JsonSerializer.SerializeToUtf8Bytes(new UserRegistered("1", gender), EventJson.Default.UserRegistered));
        if (rated is { } stars)
            Fact(EventAliases.MovieRated, JsonSerializer.SerializeToUtf8Bytes(new MovieRated("1", "b", stars, DateTimeOffset.UnixEpoch), EventJson.Default.MovieRated));
        return KnownUser.Of(state, _numbers);

        void Fact(string alias, byte[] body)
            => state = state.Apply(new RecordedEvent(state.Version + 1, default, "user-1", state.Version + 1, alias, body, default, null, null), ids);
    }

    private (ServedSlate Served, Slate Slate) Serve(LiveModel model, KnownUser user, SlateRules? rules = null, bool exact = true)
    {
        var slate = new Slate();
        slate.Find(model, CatalogueState.Empty, user, rules ?? SlateRules.None, 3);
        var query = new RecommendQuery("1", 3, null, null, [], 0, TimeSpan.Zero, false, Explain: true);
        return (new ServedSlate(Guid.Parse("01234567-89ab-7def-8123-456789abcdef"), query, SlateRules.None, new(model, CatalogueState.Empty, user, 9), "live", true, exact, 0, DateTimeOffset.UnixEpoch), slate);
    }

    private static RecommendationServed Recorded((ServedSlate Served, Slate Slate) made)
    {
        var text = new Utf8Text();
        SlateText.WriteEvent(text, made.Served, made.Slate, "0123abcd");
        return JsonSerializer.Deserialize(text.Written.Span, EventJson.Default.RecommendationServed)!;
    }

    private static SlateAnswer Answer((ServedSlate Served, Slate Slate) made)
    {
        var text = new Utf8Text();
        SlateText.WriteAnswer(text, made.Served, made.Slate, new SlateReasons());
        return JsonSerializer.Deserialize<SlateAnswer>(text.Written.Span, JsonSerializerOptions.Web)!;
    }

    [Fact]
    public void A_slate_keeps_how_the_person_would_rate_each_item()
    {
        var recorded = Recorded(Serve(_model, Person()));
        recorded.Items.ShouldBe(["c", "b", "a"]);
        recorded.PredictedRatings.ShouldBe([3.1415927f, 2.7182818f, 4.1234567f]);
        Recorded(Serve(_model, Person(rated: 5))).PredictedRatings.ShouldBe([3.1415927f + 0.3f, 4.1234567f + 0.1f]);
    }

    [Fact]
    public void A_model_without_predictions_leaves_them_out_of_event_and_answer()
    {
        var made = Serve(Model(new TableScorer(Stars)), Person());
        Recorded(made).PredictedRatings.ShouldBeNull();
        Answer(made).Items.ShouldAllBe(item => item.PredictedRating == null);
    }

    [Fact]
    public void The_answer_shows_them_to_the_digit_that_scores_are_shown_to()
    {
        Answer(Serve(_model, Person())).Items.Select(item => item.PredictedRating).ShouldBe([3.1415927f, 2.7182818f, 4.1234567f]);
        var shown = Answer(Serve(_model, Person(), exact: false)).Items.Select(item => item.PredictedRating!.Value).ToArray();
        shown.Zip([3.142f, 2.718f, 4.123f], (a, b) => Math.Abs(a - b)).ShouldAllBe(off => off < 0.0011);
        shown.ShouldAllBe(stars => Math.Abs((stars * 1000) - Math.Round(stars * 1000)) < 0.001);
    }

    [Fact]
    public void A_replay_compares_them_to_the_bit()
    {
        var (served, slate) = Serve(_model, Person(rated: 4));
        var recorded = Recorded((served, slate));
        SlateComparison.OfItems(recorded, _model, slate).ShouldBeNull();
        SlateComparison.OfItems(recorded with { PredictedRatings = [recorded.PredictedRatings![0], MathF.BitIncrement(recorded.PredictedRatings[1])] }, _model, slate)
            .ShouldNotBeNull().ShouldContain("predicted rating of item 2 ('a')");
        SlateComparison.OfItems(recorded with { PredictedRatings = null }, _model, slate).ShouldBe("0 predicted ratings are recorded, the replay finds 2");
    }

    [Fact]
    public void Movies_are_alike_by_the_stars_that_five_for_one_bring_to_another()
    {
        var similar = Movies.FindSimilar.Find(Movie.Unknown("b"), _model, CatalogueState.Empty, 5, 9);
        similar.By.ShouldBe("model");
        similar.Items.Select(item => $"{item.MovieId} {item.Score:0.000}").ShouldBe(["c 0.300", "a 0.100"]);
    }

    [Fact]
    public void Diversity_moves_the_predictions_with_their_items()
    {
        var (_, slate) = Serve(_model, Person(), new SlateRules(null, [], new(Rerankers.Mmr, 1)));
        slate.PredictedRatings.ToArray().ShouldBe([.. slate.Items.ToArray().Select(movie => Stars[_model.Scorer.Movies[movie]])]);
    }

    [Theory]
    [InlineData(null, null, "cold-start")]
    [InlineData("M", null, "cold-start")]
    [InlineData("F", null, "demographic")]
    [InlineData("F", 3.5, null)]
    public void Who_is_known_by_a_group_alone_is_answered_by_it(string? gender, double? rated, string? fallback)
    {
        var made = Serve(_model, Person(rated, gender));
        var recorded = Recorded(made);
        (recorded.Personalized, recorded.Fallback).ShouldBe((fallback is null, fallback));
        Answer(made).Items[0].Reasons.Single().Kind.ShouldBe(fallback ?? "rated");
        SlateComparison.OfItems(recorded with { Fallback = "popularity" }, _model, made.Slate).ShouldBe($"the fallback is recorded as 'popularity', the replay finds '{fallback}'");
    }
}
