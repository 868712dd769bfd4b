using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Recs.Contracts.Callers;
using Recs.Projections.UserHistory;

namespace Recs.Queries.People;

/// <summary>A genre or a decade in a person's taste, beside everybody's.</summary>
/// <param name="Name">Genre, or first year of the decade.</param>
/// <param name="Ratings">The person's ratings of such movies.</param>
/// <param name="RatingShare">Share of all ratings of the person, 0 to 1; null without a rating. Movies have several genres, so shares of genres sum to more than 1.</param>
/// <param name="PopulationRatingShare">The same over everybody's ratings.</param>
/// <param name="Lift">The person's share divided by everybody's: 2 is twice as much as usual; null where either is unknown or nobody rates such movies.</param>
/// <param name="MeanRating">The person's mean stars; null without a rating.</param>
/// <param name="PopulationMeanRating">Everybody's mean stars.</param>
/// <param name="Minutes">Minutes of such movies that the person watched.</param>
/// <param name="MinuteShare">Share of all minutes that the person watched; null without a minute.</param>
/// <param name="PopulationMinuteShare">The same over everybody's minutes.</param>
public sealed record TasteLine(
    string Name, long Ratings, double? RatingShare, double? PopulationRatingShare, double? Lift, double? MeanRating, double? PopulationMeanRating, long Minutes,
    double? MinuteShare, double? PopulationMinuteShare);

/// <summary>How much a person does, beside everybody.</summary>
/// <param name="Ratings">Ratings of the person.</param>
/// <param name="PopulationRatingsPerPerson">Mean ratings of a person with a history.</param>
/// <param name="MeanRating">Mean stars of the person; null without a rating.</param>
/// <param name="PopulationMeanRating">Mean stars over all ratings.</param>
/// <param name="Minutes">Minutes that the person watched.</param>
/// <param name="PopulationMinutesPerPerson">Mean watched minutes of a person with a history.</param>
/// <param name="Opens">Movies that the person opened from a slate.</param>
/// <param name="Movies">Distinct movies that the person rated or watched.</param>
/// <param name="ActiveDays">Days (UTC) on which the person did anything.</param>
/// <param name="First">Time of the first thing that the person did.</param>
/// <param name="Last">Time of the last.</param>
public sealed record Activity(
    long Ratings, double? PopulationRatingsPerPerson, double? MeanRating, double? PopulationMeanRating, long Minutes, double? PopulationMinutesPerPerson, int Opens,
    int Movies, int ActiveDays, DateTimeOffset? First, DateTimeOffset? Last);

/// <summary>A person's taste.</summary>
/// <param name="UserId">Whose.</param>
/// <param name="Genres">Most rated first, then most watched, then by name.</param>
/// <param name="Decades">Of release, oldest first.</param>
/// <param name="Activity">How much the person does.</param>
/// <param name="Explained">What each figure says, by its name.</param>
/// <param name="ThroughSequence">Log position that the person's figures were read through.</param>
/// <param name="PopulationThroughSequence">Log position of everybody's figures, which are up to a minute old.</param>
public sealed record Taste(
    string UserId, IReadOnlyList<TasteLine> Genres, IReadOnlyList<TasteLine> Decades, Activity Activity, IReadOnlyDictionary<string, string> Explained, long ThroughSequence,
    long PopulationThroughSequence);

/// <summary><c>GET /users/{userId}/taste</c>.</summary>
public static class ShowTaste
{
    private static readonly string[] Known = ["minSequence", "wait"];

    private static readonly Dictionary<string, string> Explained = new(StringComparer.Ordinal)
    {
        ["ratingShare"] = "ratings of such movies / all ratings of the person; a movie counts in each of its genres",
        ["populationRatingShare"] = "the same over everybody's ratings",
        ["lift"] = "ratingShare / populationRatingShare: 1 is as everybody, 2 twice as much",
        ["meanRating"] = "mean stars that the person gave to such movies",
        ["populationMeanRating"] = "mean stars that everybody gave to them",
        ["minuteShare"] = "watched minutes of such movies / all minutes that the person watched",
        ["populationMinuteShare"] = "the same over everybody's minutes",
        ["populationRatingsPerPerson"] = "all ratings / people with a history",
        ["populationMinutesPerPerson"] = "all watched minutes / people with a history",
        ["activeDays"] = "days (UTC) on which the person rated, watched or opened anything",
    };

    /// <summary>Compares a person with everybody.</summary>
    internal static Taste Compare(string userId, UserHistoryState state, TasteProfile person, Population population, long through) => new(
        userId,
        [.. person.Genres.OrderByDescending(g => g.Value.Ratings).ThenByDescending(g => g.Value.Minutes).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => Line(g.Key, g.Value, person.Total, population.Profile.Genres.GetValueOrDefault(g.Key), population.Profile.Total))],
        [.. person.Decades.OrderBy(d => d.Key)
            .Select(d => Line(d.Key.ToString(CultureInfo.InvariantCulture), d.Value, person.Total, population.Profile.Decades.GetValueOrDefault(d.Key), population.Profile.Total))],
        ActivityOf(state, person.Total, population), Explained, through, population.ThroughSequence);

    private static TasteLine Line(string name, in Consumption own, in Consumption ownTotal, in Consumption all, in Consumption allTotal)
    {
        var (share, usual) = (Share(own.Ratings, ownTotal.Ratings), Share(all.Ratings, allTotal.Ratings));
        return new(
            name, own.Ratings, share, usual, usual is > 0 ? share / usual : null, own.MeanRating, all.MeanRating, own.Minutes, Share(own.Minutes, ownTotal.Minutes),
            Share(all.Minutes, allTotal.Minutes));
    }

    private static double? Share(long part, long whole) => whole == 0 ? null : part / (double)whole;

    private static Activity ActivityOf(UserHistoryState state, in Consumption own, Population population)
    {
        var everybody = population.Profile.Total;
        var times = state.Entries.SelectMany(e => new[] { e.At, e.LastAt }).ToList();
        return new(
            own.Ratings, Share(everybody.Ratings, population.People), own.MeanRating, everybody.MeanRating, own.Minutes, Share(everybody.Minutes, population.People),
            state.Entries.Count(e => e.Kind == HistoryKind.Opened),
            state.Entries.Where(e => e.Kind != HistoryKind.Opened).Select(e => e.MovieId).Distinct(StringComparer.Ordinal).Count(),
            times.Select(t => Math.DivRem(t, (long)TimeSpan.FromDays(1).TotalMilliseconds).Quotient).Distinct().Count(),
            times.Count == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(times.Min()), times.Count == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(times.Max()));
    }

    /// <summary>Maps the route.</summary>
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/users/{userId}/taste", HandleAsync)
        .RequireAuthorization(AccessPolicies.Caller)
        .WithName("UserTaste").WithTags("People").WithSummary("What a person likes, beside what everybody does")
        .Produces<Taste>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    // The parameters are read by QueryReader, which names what is wrong; here they stand for the OpenAPI document.
    private static async Task<IResult> HandleAsync(
        HttpContext http, PersonRequest people, PopulationTaste everybody, string userId,
        [FromQuery, Description("Answer only once the log was read through this position (the X-Recs-Sequence of your last write).")] string? minSequence,
        [FromQuery, Description("Seconds to wait for minSequence, 0 to 30; 2 if left out.")] string? wait)
    {
        var (person, refusal) = await people.OpenAsync(http, userId, new(http.Request, Known));
        if (person is null)
            return refusal!;
        var profile = TasteProfile.Of(person.User.State.Entries, id => people.MovieOf(person.Catalogue, id));
        var population = await everybody.GetAsync(http.RequestAborted);
        return Results.Json(Compare(userId, person.User.State, profile, population, person.Through), PeopleJson.Default.Taste);
    }
}
