using System.Buffers;
using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Recs.Contracts.Callers;
using Recs.Queries.Asking;
using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Queries.Serving;
using Recs.Training.Artifacts;
using Recs.Training.Scoring;

namespace Recs.Queries.Movies;

/// <summary>A movie that is like another.</summary>
/// <param name="MovieId">Text id.</param>
/// <param name="Title">Title without the year; the id for a movie that is not in the catalogue.</param>
/// <param name="Year">Year of release, if known.</param>
/// <param name="Genres">Genre names.</param>
/// <param name="Score">Likeness, in units of what <c>by</c> names; to three significant digits for callers without trust.</param>
/// <param name="SharedGenres">Genres that both have.</param>
public sealed record SimilarMovie(string MovieId, string Title, int? Year, IReadOnlyList<string> Genres, double Score, IReadOnlyList<string> SharedGenres);

/// <summary>Movies that are like another.</summary>
/// <param name="MovieId">Like which.</param>
/// <param name="By"><c>model</c>: what the model would score for somebody who gave this movie five stars and did nothing else; if it predicts ratings, how many stars more it expects of them than of somebody unknown. <c>genres-and-title</c>: the share of genres plus the share of title words in common, 0 to 2.</param>
/// <param name="Model">The model, if it was one.</param>
/// <param name="ModelVersion">Its version.</param>
/// <param name="ScorerVersion">Version of its arithmetic.</param>
/// <param name="Fallback">Why no model answers, or null.</param>
/// <param name="Items">Best first; equal ones in ordinal order of the id.</param>
/// <param name="ThroughSequence">Log position that this node had read.</param>
public sealed record SimilarMovies(
    string MovieId, string By, string? Model, string? ModelVersion, int? ScorerVersion, string? Fallback, IReadOnlyList<SimilarMovie> Items, long ThroughSequence);

/// <summary>
/// <c>GET /movies/{movieId}/similar</c>. Item to item by the weights of a model that tells movies apart: what it makes of a history of this one movie (<see cref="Likeness"/>), by the
/// same arithmetic as a slate's on every node.
/// </summary>
public sealed class FindSimilar(LogFollower follower, MovieNumbers numbers, OpenModels models)
{
    private const int DefaultK = 20, MostK = 100;
    private static readonly string[] Known = ["k", "model"];

    /// <summary>Movies like one that the catalogue or the model knows.</summary>
    /// <param name="movie">Like which.</param>
    /// <param name="model">What scores; null for none.</param>
    /// <param name="catalogue">Titles and genres.</param>
    /// <param name="k">Most movies.</param>
    /// <param name="through">Log position of the catalogue.</param>
    internal static SimilarMovies Find(Movie movie, LiveModel? model, CatalogueState catalogue, int k, long through)
    {
        var fallback = "No model is in production.";
        if (model is not null)
        {
            if (model.Scorer.Movies.Find(movie.Id) is not (>= 0 and var dense))
                fallback = $"{model.Manifest.Version} does not know '{movie.Id}'.";
            else if (!Likeness.Knows(model.Scorer, dense))
                fallback = $"{model.Manifest.Version} has no weights from '{movie.Id}' to other movies.";
            else
                return new(
                    movie.Id, "model", model.Manifest.Model, model.Manifest.Version, model.Scorer.ScorerVersion, null, [.. Score(movie, dense, model, catalogue, k)], through);
        }
        var alike = Resemblance.Rank(movie, catalogue.Movies, k);
        return new(movie.Id, "genres-and-title", null, null, null, fallback, [.. alike.Select(a => Line(movie, a.Movie, a.Score))], through);
    }

    private static List<SimilarMovie> Score(Movie movie, int dense, LiveModel model, CatalogueState catalogue, int k)
    {
        var count = model.Scorer.Movies.Count;
        var rented = ArrayPool<float>.Shared.Rent(count);
        try
        {
            var scores = rented.AsSpan(0, count);
            Likeness.Of(model.Scorer, dense, scores);
            SlateRanking.LeaveOut(scores, [dense]);
            var (best, values) = (new int[k], new float[k]);
            var found = SlateRanking.TopK(scores, best, values);
            var items = new List<SimilarMovie>(found);
            for (var i = 0; i < found && values[i] > 0; i++) // nothing joins the two below that
                items.Add(Line(movie, catalogue.Find(model.Numbers[best[i]]) ?? Movie.Unknown(model.Scorer.Movies[best[i]]), values[i]));
            return items;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    private static SimilarMovie Line(Movie movie, Movie other, double score)
        => new(other.Id, other.Title, other.Year, other.Genres, score, Resemblance.SharedGenres(movie, other));

    /// <summary>Exact likenesses are the model's weights, which are not given away.</summary>
    private static SimilarMovies Shown(SimilarMovies found, bool exact)
        => exact ? found : found with { Items = [.. found.Items.Select(i => i with { Score = DisplayedScores.Coarse(i.Score) })] };

    /// <summary>Maps the route.</summary>
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/movies/{movieId}/similar", Handle)
        .WithName("SimilarMovies").WithTags("Movies").WithSummary("Movies like one")
        .WithDescription("By the weights of the model in production, or of the one that is named; by genres and title where that model does not know the movie, which the answer says.")
        .Produces<SimilarMovies>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    // The parameters are read by QueryReader, which names what is wrong; here they stand for the OpenAPI document.
    private static IResult Handle(
        HttpContext http, FindSimilar similar, string movieId,
        [FromQuery, Description("Movies, 1 to 100; 20 if left out."), WholeNumber(1, MostK, DefaultK)] string? k,
        [FromQuery, Description("A version such as popularity-v0.1; a model, for its version in production or else its newest; or v0.1, if only one model has it. What is in production if left out. A version that is not open, not the newest of its model and was never in production needs a service or admin.")] string? model)
        => similar.Answer(http, movieId);

    private IResult Answer(HttpContext http, string movieId)
    {
        var read = new QueryReader(http.Request, Known);
        read.CheckId("movieId", movieId);
        var (k, name) = ((int)read.Number("k", DefaultK, 1, MostK, "a whole number from 1 to 100"), read.Text("model"));
        if (read.Refusal is { } refusal)
            return refusal;
        var (through, catalogue, registry, champion) = follower.View;
        try
        {
            var model = name is null ? champion : registry.Find(name) is { } manifest ? models.GetFor(manifest, registry, http.User.IsTrusted()) : null;
            if (name is not null && model is null)
                return QueryReader.Invalid("model", $"No model or version '{name}'. Known: {string.Join(", ", registry.ModelNames)}.");
            return (catalogue.Find(numbers.Find(movieId)) ?? (model?.Scorer.Movies.Find(movieId) >= 0 ? Movie.Unknown(movieId) : null)) is { } movie
                ? Results.Json(Shown(Find(movie, model, catalogue, k, through), http.User.IsTrusted()), MoviesJson.Default.SimilarMovies)
                : Refusal.NotFound($"There is no movie '{movieId}'. Search with GET /movies?q=.");
        }
        catch (VersionNotOfferedException e)
        {
            return Refusal.NeedsTrust(e.Message);
        }
        catch (Exception e) when (e is DamagedArtifactException or ArtifactNotFoundException)
        {
            return Refusal.NotYet(http, "The model's files are missing or damaged; recs check names them, recs reproduce makes them again.");
        }
    }
}
