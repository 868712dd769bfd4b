using System.Buffers;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Recs.Commands.Recording;
using Recs.Commands.Repeating;
using Recs.Contracts;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;

namespace Recs.Commands.Batching;

/// <summary>
/// Stores the good lines of a batch in one append and one commit, in their order, whatever the others are. One append, so that one idempotency key covers the batch and
/// nobody sees half of it.
/// </summary>
internal sealed class BatchRecorder(CommandLog log, FactReferences references, EventReader reader, EventTypes types, TimeProvider clock)
{
    /// <summary>Media type of the lines and of their results.</summary>
    public const string MediaType = "application/x-ndjson";

    /// <summary>Races for a stream's version that one batch may lose; each means that somebody else got on.</summary>
    private const int MostRaces = 20;

    /// <summary>Reads, validates, decides, appends; answers after the commit.</summary>
    public async Task<IResult> RecordAsync(HttpContext http, string? idempotencyKey, CancellationToken cancel)
    {
        CommandBody.RequireType(http.Request, MediaType);
        CommandBody.RequireSize(http.Request.ContentLength ?? 0, Batch.MaxBytes);
        var now = clock.GetUtcNow();
        var batch = new Batch(http.User, now);
        using var digest = idempotencyKey is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await batch.ReadAsync(http.Request.Body, digest, cancel);
        var request = digest is null ? null : RepeatableRequest.Of(http, idempotencyKey!, digest.GetHashAndReset());
        return await log.OnceAsync(request, async () =>
        {
            var (facts, refusals) = await ToFactsAsync(batch, now, http.TraceIdentifier, cancel);
            return await AppendAsync(facts, refusals, request, cancel);
        }, cancel);
    }

    /// <summary>The lines whose movie and slate exist, as events; the refusals of the others.</summary>
    private async Task<(IReadOnlyList<BatchFact> Facts, LineResult?[] Refusals)> ToFactsAsync(Batch batch, DateTimeOffset now, string causationId, CancellationToken cancel)
    {
        var results = batch.Refusals.ToArray();
        var facts = new List<BatchFact>(batch.Commands.Count);
        var broken = await references.FindBrokenAsync([.. batch.Commands.Select(c => c.Command)], cancel);
        for (var i = 0; i < batch.Commands.Count; i++)
        {
            var (line, command) = batch.Commands[i];
            if (broken.TryGetValue(i, out var errors))
                results[line - 1] = Batch.Invalid(line, errors);
            else
                facts.Add(new(line, StreamIds.User(command.UserId!), command.ExpectedVersion, command.ToEvent(types, Guid.CreateVersion7(now), now, causationId)));
        }
        return (facts, results);
    }

    private async Task<CommandAnswer> AppendAsync(IReadOnlyList<BatchFact> facts, LineResult?[] refusals, RepeatableRequest? request, CancellationToken cancel)
    {
        var watched = facts.Where(f => f.ExpectedVersion is not null).Select(f => f.StreamId).ToHashSet(StringComparer.Ordinal);
        for (var races = 0; races < MostRaces; races++)
        {
            var decision = await DecideAsync(facts, watched, cancel);
            try
            {
                return await log.AppendAsync(decision.Appends, stored => Answer(refusals, decision, stored), request, cancel);
            }
            catch (ConcurrencyException)
            {
                // A watched stream moved on between reading and commit: nothing was stored, and the lines are decided anew.
            }
            catch (StreamArchivedException)
            {
                // One was met; all of the batch are looked for at once, so that many of them are not many races.
                var states = await reader.FindStreamsAsync(facts.Select(f => f.StreamId).ToHashSet(StringComparer.Ordinal), cancel);
                watched.UnionWith(states.Values.Where(s => s.Archived).Select(s => s.StreamId));
            }
        }
        throw new CommandRefusedException(StatusCodes.Status503ServiceUnavailable, "Other writers kept changing streams of which lines expect a version; nothing was stored. Send the batch again.");
    }

    private async Task<BatchDecision> DecideAsync(IReadOnlyList<BatchFact> facts, HashSet<string> watched, CancellationToken cancel)
    {
        var states = watched.Count == 0 ? [] : (await reader.FindStreamsAsync(watched, cancel)).Values.ToList();
        return BatchDecision.Of(
            facts, watched, states.ToDictionary(s => s.StreamId, s => s.Version, StringComparer.Ordinal),
            states.Where(s => s.Archived).Select(s => s.StreamId).ToHashSet(StringComparer.Ordinal));
    }

    private static CommandAnswer Answer(LineResult?[] refusals, BatchDecision decision, AppendResult stored)
    {
        LineResult?[] results = [.. refusals];
        foreach (var refused in decision.Refused)
            results[refused.Line - 1] = refused;
        for (var i = 0; i < decision.Stored.Count; i++)
            results[decision.Stored[i] - 1] = new(decision.Stored[i], StatusCodes.Status201Created, stored.Streams[i].Sequences[0], stored.Streams[i].Version);
        var body = new ArrayBufferWriter<byte>(results.Length * 64);
        using var writer = new Utf8JsonWriter(body);
        foreach (var result in results)
        {
            JsonSerializer.Serialize(writer, result!, CommandJson.Default.LineResult);
            writer.Flush();
            body.Write("\n"u8);
            writer.Reset();
        }
        return new(StatusCodes.Status207MultiStatus, body.WrittenSpan.ToArray(), MediaType, stored.LastSequence > 0 ? stored.LastSequence : null);
    }
}

/// <summary><c>POST /events</c>.</summary>
public static class StoreEventsRoute
{
    /// <summary>Maps the route.</summary>
    public static RouteHandlerBuilder MapStoreEvents(this IEndpointRouteBuilder routes) => routes
        .MapPost("/events", (
                HttpContext http, BatchRecorder recorder,
                [FromHeader(Name = RepeatableRequest.Header), Description(RepeatableRequest.Meaning), StringLength(RepeatableRequest.MaxLength, MinimumLength = 1)] string? key,
                CancellationToken cancel)
            => recorder.RecordAsync(http, key, cancel))
        .WithName("StoreEvents").WithSummary("Store many ratings, watches and opens")
        .WithDescription("One JSON object per line, at most 10,000 lines, 5 MiB in all and 8 KiB each. The answer has one result per line, in order; good lines are stored in one commit whatever the "
            + "others are, and the answer comes after it. X-Recs-Sequence is the position of the last stored line.")
        .Accepts<EventLine>(BatchRecorder.MediaType)
        .Produces<LineResult>(StatusCodes.Status207MultiStatus, BatchRecorder.MediaType);
}
