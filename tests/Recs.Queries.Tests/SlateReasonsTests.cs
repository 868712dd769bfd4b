using System.Text.Json;
using Recs.Contracts;
using Recs.Contracts.Registry;
using Recs.Contracts.Users;
using Recs.EventStore;
using Recs.Projections;
using Recs.Projections.UserHistory;
using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Queries.Serving;
using Recs.Queries.UserStates;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;
using Shouldly;
using Xunit;

namespace Recs.Queries.Tests;

public class SlateReasonsTests
{
    private readonly MovieNumbers _numbers = new();
    private readonly IdPool _ids = new();
    private UserHistoryState _state = UserHistoryState.Empty;

    private void Fact<T>(string alias, T body, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> json)
        => _state = _state.Apply(new RecordedEvent(_state.Version + 1, default, "user-1", _state.Version + 1, alias, JsonSerializer.SerializeToUtf8Bytes(body, json), default, null, null), _ids);

    private void Rated(string movie, double rating)
        => Fact(EventAliases.MovieRated, new MovieRated("1", movie, rating, DateTimeOffset.UnixEpoch.AddDays(_state.Version)), EventJson.Default.MovieRated);

    private void Watched(string movie)
        => Fact(EventAliases.MovieWatched, new MovieWatched("1", movie, 7, DateTimeOffset.UnixEpoch.AddDays(_state.Version)), EventJson.Default.MovieWatched);

    private IReadOnlyList<SlateReason> Reasons(IScorer scorer, string? genre = null)
    {
        var catalogue = CatalogueState.Empty.With([(1, new Movie("a", "Title \"A\"", 1999, ["Drama"], false)), (2, new Movie("new", "New", null, ["Drama"], false))], _numbers);
        var manifest = new ModelTrained("t", "m", "m-v0.1", "h", "s", "d", 1, new Dictionary<string, string>(), 1, 1, "r", false, [], 1, 1, DateTimeOffset.UnixEpoch);
        var ground = new SlateGround(new LiveModel(manifest, scorer, _numbers), catalogue, KnownUser.Of(_state, _numbers), 9);
        var (rules, slate, text) = (new SlateRules(genre, []), new Slate(), new Utf8Text());
        slate.Find(ground.Model, catalogue, ground.User, rules, 1);
        var query = new RecommendQuery("1", 1, null, genre, [], 0, TimeSpan.Zero, false, Explain: true);
        SlateText.WriteAnswer(text, new ServedSlate(Guid.NewGuid(), query, rules, ground, "live", true, true, 0, DateTimeOffset.UnixEpoch), slate, new SlateReasons());
        return JsonSerializer.Deserialize<SlateAnswer>(text.Written.Span, JsonSerializerOptions.Web)!.Items[0].Reasons;
    }

    [Fact]
    public void The_movies_that_carried_an_item_are_named_with_their_shares_the_greatest_first()
    {
        Rated("a", 4.5);
        Rated("not-in-the-model", 3);
        Watched("b");
        Rated("c", 2);
        Reasons(new ShareScorer(("a", 3), ("b", 1), ("c", -5))).ShouldBe(
        [
            new SlateReason("rated", 0.75, "a", "Title \"A\"", 4.5, DateTimeOffset.UnixEpoch),
            new SlateReason("watched", 0.25, "b", "b", null, DateTimeOffset.UnixEpoch.AddDays(2)),
        ]);
    }

    [Fact]
    public void A_movie_counts_by_the_last_thing_done_with_it()
    {
        Rated("a", 4.5);
        Watched("a");
        Rated("a", 1.5);
        Reasons(new ShareScorer(("a", 3))).ShouldBe([new SlateReason("rated", 1, "a", "Title \"A\"", 1.5, DateTimeOffset.UnixEpoch.AddDays(2))]);
    }

    [Fact]
    public void At_most_five_are_named_and_the_more_recent_of_equals_first()
    {
        foreach (var movie in "hgfedcba")
            Rated(movie.ToString(), 4);
        Reasons(new ShareScorer([.. "abcdefgh".Select(c => (c.ToString(), 1f))])).Select(r => r.MovieId).ShouldBe(["a", "b", "c", "d", "e"]);
    }

    [Fact]
    public void A_share_that_would_be_shown_as_nothing_is_not_shown()
    {
        Rated("a", 4);
        Rated("b", 4);
        Reasons(new ShareScorer(("a", 1), ("b", 1e-6f))).ShouldHaveSingleItem().MovieId.ShouldBe("a");
    }

    [Fact]
    public void Nobody_known_is_a_cold_start() => Reasons(new ShareScorer(("a", 3))).ShouldBe([new SlateReason("cold-start", 1)]);

    [Fact]
    public void A_model_that_does_not_look_at_the_history_is_popularity()
    {
        Rated("a", 4);
        Reasons(new ShareScorer(("a", 3)) { Looks = false }).ShouldBe([new SlateReason("popularity", 1)]);
    }

    [Fact]
    public void A_genre_that_was_asked_for_is_named_where_the_history_says_nothing()
        => Reasons(new ShareScorer(("a", 3)), "Drama").ShouldBe([new SlateReason("genre", 1, Genre: "Drama")]);

    /// <summary>One movie to recommend, and what each movie of the history has to say for it.</summary>
    private sealed class ShareScorer(params (string Movie, float Share)[] shares) : IScorer
    {
        public bool Looks { get; init; } = true;
        public int ScorerVersion => 1;
        public IdMap Movies { get; } = IdMap.Of([.. shares.Select(s => s.Movie), "new"]);
        public bool Personalizes(in UserState user) => Looks && user.Movies.Length > 0;

        public void Score(in UserState user, Span<float> scores)
        {
            for (var dense = 0; dense < scores.Length; dense++)
                scores[dense] = Movies[dense] == "new" ? 100 : 1;
        }

        public bool Explain(in UserState user, int movie, Span<float> target)
        {
            for (var i = 0; i < user.Movies.Length; i++)
            {
                var id = Movies[user.Movies[i]];
                target[i] = shares.First(s => s.Movie == id).Share;
            }
            return Looks;
        }

        public void Dispose()
        {
            // holds nothing
        }
    }
}
