using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Recs.Contracts;
using Recs.Contracts.Callers;
using Recs.Contracts.Recommendations;
using Recs.EventStore;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;
using Recs.Queries.Asking;
using Recs.Queries.Serving;

namespace Recs.Queries.People;

/// <summary>A movie of a slate, and what became of it.</summary>
/// <param name="MovieId">Text id.</param>
/// <param name="Title">Title without the year; the id for a movie that is not in the catalogue.</param>
/// <param name="Score">As the log has it; to three significant digits for callers without trust.</param>
/// <param name="Outcome">What the person did with it after it was served; null for nothing.</param>
public sealed record ServedItem(string MovieId, string Title, float Score, Outcome? Outcome);

/// <summary>A slate that a person was served.</summary>
/// <param name="RequestId">Leads to its provenance and replay.</param>
/// <param name="At">When it was served.</param>
/// <param name="Model">Model name.</param>
/// <param name="ModelVersion">Model version.</param>
/// <param name="Channel">live, probe, tester, simulated or shadow.</param>
/// <param name="Personalized">Whether the history shaped it.</param>
/// <param name="Fallback">What answered instead, or null.</param>
/// <param name="UserVersion">Version of the person's history that it was made from.</param>
/// <param name="Sequence">Its position in the log.</param>
/// <param name="Items">Best first.</param>
public sealed record ServedLine(
    string RequestId, DateTimeOffset At, string Model, string ModelVersion, string Channel, bool Personalized, string? Fallback, long UserVersion, long Sequence,
    IReadOnlyList<ServedItem> Items);

/// <summary>A page of what a person was served.</summary>
/// <param name="UserId">Who.</param>
/// <param name="Items">Newest first. Requests that failed are left out, so a page may be shorter than asked for.</param>
/// <param name="NextBefore"><c>before</c> of the next, older page; null if this is the last one.</param>
/// <param name="ThroughSequence">Log position that this node had read of what the person did.</param>
public sealed record SlatesPage(string UserId, IReadOnlyList<ServedLine> Items, long? NextBefore, long ThroughSequence);

/// <summary><c>GET /users/{userId}/slates</c>: the stream of what the person was served, from its end.</summary>
public sealed class ShowSlates(EventReader reader, EventTypes types, PersonRequest people)
{
    private const int DefaultK = 10, MostK = 100;
    private static readonly string[] Known = ["k", "before", "minSequence", "wait"];

    /// <summary>Maps the route.</summary>
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/users/{userId}/slates", HandleAsync)
        .RequireAuthorization(AccessPolicies.Caller)
        .WithName("UserSlates").WithTags("People").WithSummary("What a person was served, and what became of it")
        .Produces<SlatesPage>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    // The parameters are read by QueryReader, which names what is wrong; here they stand for the OpenAPI document.
    private static Task<IResult> HandleAsync(
        HttpContext http, ShowSlates slates, string userId,
        [FromQuery, Description("Slates, 1 to 100; 10 if left out."), WholeNumber(1, MostK, DefaultK)] string? k,
        [FromQuery, Description("Only older ones: nextBefore of the newer page."), WholeNumber(1, long.MaxValue)] string? before,
        [FromQuery, Description("Answer only once the log was read through this position (the X-Recs-Sequence of your last write).")] string? minSequence,
        [FromQuery, Description("Seconds to wait for minSequence, 0 to 30; 2 if left out.")] string? wait)
        => slates.AnswerAsync(http, userId);

    private async Task<IResult> AnswerAsync(HttpContext http, string userId)
    {
        var read = new QueryReader(http.Request, Known);
        var (k, before) = (read.Number("k", DefaultK, 1, MostK, "a whole number from 1 to 100"), read.Number("before", long.MaxValue, 1, long.MaxValue, "a whole number, 1 or more"));
        var (person, refusal) = await people.OpenAsync(http, userId, read);
        if (person is null)
            return refusal!;
        var stream = StreamIds.Recommendations(userId);
        var last = Math.Min(before - 1, (await reader.FindStreamAsync(stream, http.RequestAborted))?.Version ?? 0);
        var first = Math.Max(1, last - k + 1);
        var outcomes = new SlateOutcomes(person.User.State.Entries);
        var lines = new List<ServedLine>();
        if (last > 0)
            await foreach (var e in reader.ReadStreamAsync(stream, first, last, cancel: http.RequestAborted))
                if (e.Type == EventAliases.RecommendationServed)
                    lines.Add(Line(e, (RecommendationServed)types.Decode(e), outcomes, id => people.MovieOf(person.Catalogue, id).Title, exact: http.User.IsTrusted()));
        lines.Reverse();
        return Results.Json(new(userId, lines, first > 1 && last > 0 ? first : null, person.Through), PeopleJson.Default.SlatesPage);
    }

    private static ServedLine Line(RecordedEvent e, RecommendationServed slate, SlateOutcomes outcomes, Func<string, string> titleOf, bool exact) => new(
        slate.RequestId, slate.At, slate.Model, slate.ModelVersion, slate.Channel, slate.Personalized, slate.Fallback, slate.UserVersion, e.Sequence,
        [.. slate.Items.Select((id, place) => new ServedItem(id, titleOf(id), exact ? slate.Scores[place] : (float)DisplayedScores.Coarse(slate.Scores[place]), outcomes.Of(id, slate.At) is var became && became != Outcome.None ? became : null))]);
}
