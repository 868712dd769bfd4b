using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
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

/// <summary>A command that states one fact about a user and a movie.</summary>
internal interface IFactCommand<out TFact> where TFact : notnull
{
    string? UserId { get; }
    string? MovieId { get; }
    long? ExpectedVersion { get; }
    FieldErrors Validate(DateTimeOffset now);
    TFact Decide(DateTimeOffset now);
}

/// <summary>Appends one fact about a user and a movie and turns the outcome into the HTTP answer.</summary>
public sealed class FactRecorder(EventAppender appender, EventTypes types, KnownMovies movies, TimeProvider clock)
{
    /// <summary>Reads, validates, decides, appends; the answer is sent only after the commit.</summary>
    internal async Task<IResult> HandleAsync<TCommand, TFact>(HttpContext http, JsonTypeInfo<TCommand> json, CancellationToken cancel)
        where TCommand : class, IFactCommand<TFact> where TFact : notnull
    {
        var (command, problem) = await CommandBody.ReadAsync(http.Request, json, cancel);
        if (command is null)
            return problem!;
        var now = clock.GetUtcNow();
        var errors = command.Validate(now);
        return errors.None
            ? await AppendAsync(http, command.UserId!, command.MovieId!, command.Decide(now), command.ExpectedVersion, now, cancel)
            : CommandBody.Invalid(errors.ByField);
    }

    private async Task<IResult> AppendAsync<T>(HttpContext http, string userId, string movieId, T fact, long? expectedVersion, DateTimeOffset now, CancellationToken cancel)
        where T : notnull
    {
        if (!await movies.ContainsAsync(movieId, cancel))
            return CommandBody.Invalid("movieId", $"No movie '{movieId}' is in the catalogue.");
        var id = Guid.CreateVersion7(now);
        var e = types.Encode(id, fact, correlationId: id.ToString("N"), causationId: http.TraceIdentifier);
        var expected = expectedVersion is { } version ? ExpectedVersion.Exactly(version) : ExpectedVersion.Any;
        try
        {
            var stored = (await appender.AppendAsync(new AppendRequest([new StreamAppend(StreamIds.User(userId), expected, [e])]), cancel)).Streams[0];
            http.Response.Headers["X-Recs-Sequence"] = stored.Sequences[0].ToString();
            http.Response.Headers["X-Recs-Stream-Version"] = stored.Version.ToString();
            return Results.Json(new FactStored(userId, movieId, stored.Sequences[0], stored.Version), CommandJson.Default.FactStored, statusCode: StatusCodes.Status201Created);
        }
        catch (ConcurrencyException conflict)
        {
            return Results.Problem(conflict.Message, statusCode: StatusCodes.Status409Conflict,
                extensions: new Dictionary<string, object?> { ["expectedVersion"] = conflict.Expected, ["actualVersion"] = conflict.Actual });
        }
        catch (AppendOutcomeUnknownException)
        {
            http.Response.Headers.RetryAfter = "1";
            return Results.Problem("The connection to the database was lost while the fact was stored: it may be in the log or not. Read before you send it again.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        catch (StreamArchivedException archived)
        {
            return Results.Problem(archived.Message, statusCode: StatusCodes.Status409Conflict);
        }
    }
}
