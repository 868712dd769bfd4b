using Recs.Contracts.Registry;
using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Queries.Serving;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;
using Shouldly;
using Xunit;

namespace Recs.Queries.Tests;

/// <summary>A model that scores movies by what the catalogue says of them is asked about the catalogue that a slate records.</summary>
public class NewMoviesTests
{
    private readonly MovieNumbers _numbers = new();
    private readonly LiveModel _model;
    private readonly CatalogueState _before;

    public NewMoviesTests()
    {
        _before = CatalogueState.Empty.With([(1, Movie("a", 1990)), (2, Movie("b", 1980))], _numbers);
        _model = new(
            new ModelTrained("t", "m", "m-v0.1", "h", "s", "d", 1, new Dictionary<string, string>(), 1, 1, "r", false, [], 1, 1, DateTimeOffset.UnixEpoch),
            new YearScorer(new() { ["a"] = 1990, ["b"] = 1980 }), _numbers);
    }

    [Fact]
    public void A_movie_that_was_added_after_the_training_is_in_the_slates_from_then_on()
    {
        var after = _before.With([(3, Movie("c", 2000))], _numbers);
        Found(_before).ShouldBe(["a", "b"]);
        Found(after).ShouldBe(["c", "a", "b"]);
        Found(after.AsOf(2)).ShouldBe(["a", "b"]); // and not in one of an earlier position
    }

    [Fact]
    public void It_is_left_out_for_who_has_seen_it_and_by_the_same_rules_as_the_others()
    {
        var after = _before.With([(3, Movie("c", 2000)), (4, Movie("d", 2001, "War"))], _numbers);
        Found(after, seen: ["c"]).ShouldBe(["d", "a", "b"]);
        Found(after, rules: new SlateRules("War", [])).ShouldBe(["d"]);
        Found(after, rules: new SlateRules(null, ["d"])).ShouldBe(["c", "a", "b"]);
    }

    [Fact]
    public void A_catalogue_is_taken_in_once_and_one_without_news_not_at_all()
    {
        _model.Over(_before).ShouldBeSameAs(_model);
        var after = _before.With([(3, Movie("c", 2000))], _numbers);
        _model.Over(after).ShouldBeSameAs(_model.Over(after));
        _model.Over(after).Over(_before).ShouldBeSameAs(_model);
        _model.Over(after).AsFitted.ShouldBeSameAs(_model); // whose key the noise of shown scores is drawn under
    }

    [Fact]
    public void A_model_that_knows_movies_by_ratings_alone_does_not_read_the_catalogue()
    {
        var other = new LiveModel(_model.Manifest, new TableScorer(new Dictionary<string, float> { ["a"] = 1 }), _numbers);
        other.ReadsCatalogue.ShouldBeFalse();
        other.Over(_before).ShouldBeSameAs(other);
    }

    private string[] Found(CatalogueState catalogue, string[]? seen = null, SlateRules? rules = null)
    {
        var (slate, model) = (new Slate(), _model.Over(catalogue));
        slate.Find(model, catalogue, Viewers.Of(_numbers, seen ?? []), rules ?? SlateRules.None, 10);
        return [.. slate.Items.ToArray().Select(dense => model.Scorer.Movies[dense])];
    }

    private static Movie Movie(string id, int year, string genre = "Drama") => new(id, id, year, [genre], false);

    /// <summary>A movie scores its year.</summary>
    private sealed class YearScorer(Dictionary<string, int> years) : ICatalogueScorer
    {
        public int ScorerVersion => 1;
        public IdMap Movies { get; } = IdMap.Of(years.Keys);
        public bool Personalizes(in UserState user) => true;

        public ICatalogueScorer Over(IEnumerable<CatalogueMovie> movies)
        {
            var news = movies.Where(movie => !years.ContainsKey(movie.MovieId)).ToList();
            return news.Count == 0 ? this : new YearScorer(new(years.Concat(news.Select(movie => KeyValuePair.Create(movie.MovieId, movie.Title.Year!.Value)))));
        }

        public void Score(in UserState user, Span<float> scores)
        {
            for (var movie = 0; movie < scores.Length; movie++)
                scores[movie] = years[Movies[movie]];
        }

        public bool Explain(in UserState user, int movie, Span<float> shares) => false;

        public void Dispose()
        {
        }
    }
}
