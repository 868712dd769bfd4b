using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Recs.Contracts.Callers;
using Recs.Projections.UserHistory;
using Recs.Queries.Asking;
using Recs.Queries.Catalogue;

namespace Recs.Queries.People;

/// <summary>Something that a person did with a movie.</summary>
/// <param name="Kind"><c>rated</c>, <c>watched</c> or <c>opened</c>.</param>
/// <param name="MovieId">With which movie.</param>
/// <param name="Title">Title without the year; the id for a movie that is not in the catalogue.</param>
/// <param name="Year">Year of release, if known.</param>
/// <param name="Genres">Genre names.</param>
/// <param name="Rating">Stars, of a rating.</param>
/// <param name="Minute">Furthest minute of the movie, of a viewing: its minutes told one by one are one entry, also where some are told twice, late or not at all.</param>
/// <param name="Minutes">Length of that viewing; it began at <c>minute - minutes + 1</c>.</param>
/// <param name="At">When it happened; when a viewing began.</param>
/// <param name="LastAt">When a viewing ended.</param>
/// <param name="Sequence">Log position of the fact; of the minute of a viewing that the log learnt last.</param>
public sealed record HistoryLine(
    string Kind, string MovieId, string Title, int? Year, IReadOnlyList<string> Genres, double? Rating, int? Minute, int? Minutes, DateTimeOffset At, DateTimeOffset? LastAt, long Sequence);

/// <summary>A page of what a person did.</summary>
/// <param name="UserId">Who.</param>
/// <param name="Items">Newest first, by the order in which the log learnt of it.</param>
/// <param name="NextBefore"><c>before</c> of the next, older page; null if this is the last one.</param>
/// <param name="Erased">The person asked to be forgotten: nothing is kept.</param>
/// <param name="Version">Version of the person's stream; 0 for somebody of whom the log knows nothing.</param>
/// <param name="ThroughSequence">Log position that this node had read.</param>
public sealed record UserHistoryPage(string UserId, IReadOnlyList<HistoryLine> Items, long? NextBefore, bool Erased, long Version, long ThroughSequence);

/// <summary><c>GET /users/{userId}/history</c>.</summary>
public static class ShowHistory
{
    private const int DefaultK = 20, MostK = 100;
    private static readonly string[] Known = ["kind", "k", "before", "minSequence", "wait"];

    /// <summary>Cuts a page out of a history.</summary>
    /// <param name="userId">Whose.</param>
    /// <param name="state">The history.</param>
    /// <param name="movieOf">Titles.</param>
    /// <param name="kind">Only entries of this kind; null for all.</param>
    /// <param name="before">Only entries before this log position.</param>
    /// <param name="k">Most entries.</param>
    /// <param name="through">Log position that was read.</param>
    public static UserHistoryPage Page(string userId, UserHistoryState state, Func<string, Movie> movieOf, HistoryKind? kind, long before, int k, long through)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(movieOf);
        var items = new List<HistoryLine>();
        for (var i = state.Count - 1; i >= 0; i--)
        {
            var entry = state[i];
            if (entry.Sequence >= before || (kind is not null && entry.Kind != kind))
                continue;
            if (items.Count == k)
                return new(userId, items, items[^1].Sequence, state.Erased, state.Version, through);
            items.Add(Line(entry, movieOf(entry.MovieId)));
        }
        return new(userId, items, null, state.Erased, state.Version, through);
    }

    private static HistoryLine Line(in HistoryEntry entry, Movie movie)
    {
        var (rated, watched) = (entry.Kind == HistoryKind.Rated, entry.Kind == HistoryKind.Watched);
        return new(
            entry.Kind.ToString().ToLowerInvariant(), movie.Id, movie.Title, movie.Year, movie.Genres, rated ? entry.Value : null, watched ? (int)entry.Value : null,
            watched ? entry.Minutes : null, DateTimeOffset.FromUnixTimeMilliseconds(entry.At), watched ? DateTimeOffset.FromUnixTimeMilliseconds(entry.LastAt) : null, entry.Sequence);
    }

    /// <summary>Maps the route.</summary>
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/users/{userId}/history", HandleAsync)
        .RequireAuthorization(AccessPolicies.Caller)
        .WithName("UserHistory").WithTags("People").WithSummary("What a person rated, watched and opened, newest first")
        .Produces<UserHistoryPage>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    // The parameters are read by QueryReader, which names what is wrong; here they stand for the OpenAPI document.
    private static async Task<IResult> HandleAsync(
        HttpContext http, PersonRequest people, string userId,
        [FromQuery, Description("Only this kind."), OneOf("rated", "watched", "opened")] string? kind,
        [FromQuery, Description("Entries, 1 to 100; 20 if left out."), WholeNumber(1, MostK, DefaultK)] string? k,
        [FromQuery, Description("Only what the log learnt before this position: nextBefore of the newer page."), WholeNumber(1, long.MaxValue)] string? before,
        [FromQuery, Description("Answer only once the log was read through this position (the X-Recs-Sequence of your last write).")] string? minSequence,
        [FromQuery, Description("Seconds to wait for minSequence, 0 to 30; 2 if left out.")] string? wait)
    {
        var read = new QueryReader(http.Request, Known);
        var wanted = read.OneOf("kind", null, "rated", "watched", "opened");
        var (most, end) = ((int)read.Number("k", DefaultK, 1, MostK, "a whole number from 1 to 100"), read.Number("before", long.MaxValue, 1, long.MaxValue, "a log position, 1 or more"));
        var (person, refusal) = await people.OpenAsync(http, userId, read);
        return person is null
            ? refusal!
            : Results.Json(
                Page(
                    userId, person.User.State, id => people.MovieOf(person.Catalogue, id), wanted is null ? null : Enum.Parse<HistoryKind>(wanted, ignoreCase: true), end, most,
                    person.Through),
                PeopleJson.Default.UserHistoryPage);
    }
}
