using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Recs.Commands.Repeating;
using Recs.Contracts;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;

namespace Recs.Commands.Recording;

/// <summary>The answer to a stored fact.</summary>
/// <param name="UserId">Whose fact.</param>
/// <param name="MovieId">Which movie.</param>
/// <param name="Sequence">Log position; give it to <c>/recommend</c> as <c>minSequence</c> to read your own write.</param>
/// <param name="Version">Version of the user's stream now; give it as <c>expectedVersion</c> to the next command.</param>
public sealed record FactStored(
    [property: JsonConverter(typeof(IdConverter))] string UserId, [property: JsonConverter(typeof(IdConverter))] string MovieId, long Sequence, long Version);

/// <summary>Appends one fact about a user and a movie.</summary>
internal sealed class FactRecorder(CommandLog log, FactReferences references, EventTypes types, TimeProvider clock)
{
    /// <summary>Reads, validates, decides, appends; the answer is sent only after the commit.</summary>
    public async Task<IResult> RecordAsync<TCommand>(HttpContext http, string? idempotencyKey, JsonTypeInfo<TCommand> json, CancellationToken cancel)
        where TCommand : class, IFactCommand
    {
        var body = await CommandBody.ReadAsync(http.Request, cancel);
        var command = body.Parse(json);
        var now = clock.GetUtcNow();
        command.Validate(now).ThrowIfAny();
        http.RequireRightToActFor(command.UserId!);
        var request = RepeatableRequest.Of(http, idempotencyKey, body.Bytes.Span);
        return await log.OnceAsync(request, AppendAsync, cancel);

        async Task<CommandAnswer> AppendAsync()
        {
            foreach (var broken in (await references.FindBrokenAsync([command], cancel)).Values)
                broken.ThrowIfAny();
            var e = command.ToEvent(types, Guid.CreateVersion7(now), now, http.TraceIdentifier);
            var expected = command.ExpectedVersion is { } version ? ExpectedVersion.Exactly(version) : ExpectedVersion.Any;
            return await log.AppendAsync([new StreamAppend(StreamIds.User(command.UserId!), expected, [e])], Answer, request, cancel);
        }

        CommandAnswer Answer(AppendResult stored)
        {
            var (sequence, reached) = (stored.LastSequence, stored.Streams[0].Version);
            return CommandAnswer.Of(
                StatusCodes.Status201Created, new(command.UserId!, command.MovieId!, sequence, reached), CommandJson.Default.FactStored, sequence, reached);
        }
    }
}

/// <summary>The one shape of the routes that take a single fact.</summary>
internal static class FactRoute
{
    /// <summary>Maps <c>POST</c> of a fact.</summary>
    public static RouteHandlerBuilder MapFact<TCommand>(this IEndpointRouteBuilder routes, string pattern, JsonTypeInfo<TCommand> json)
        where TCommand : class, IFactCommand => routes
        .MapPost(pattern, (
                HttpContext http, FactRecorder recorder,
                [FromHeader(Name = RepeatableRequest.Header), Description(RepeatableRequest.Meaning), StringLength(RepeatableRequest.MaxLength, MinimumLength = 1)] string? key,
                CancellationToken cancel)
            => recorder.RecordAsync(http, key, json, cancel))
        .WithDescription("Stores the fact in the log; the answer comes after the commit. The next slate of the user takes it into account.")
        .Accepts<TCommand>("application/json")
        .Produces<FactStored>(StatusCodes.Status201Created);
}
