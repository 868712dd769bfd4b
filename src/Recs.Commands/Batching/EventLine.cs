using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Recs.Commands.Opening;
using Recs.Commands.Rating;
using Recs.Commands.Recording;
using Recs.Commands.Watching;

namespace Recs.Commands.Batching;

/// <summary>One line of <c>POST /events</c>: a rating, a watched minute or an opened movie, with the fields of that command and no others.</summary>
/// <param name="Type">What happened: <c>rating</c>, <c>watch</c> or <c>open</c>.</param>
/// <param name="UserId">Who did it.</param>
/// <param name="MovieId">A movie of the catalogue.</param>
/// <param name="Rating">Of a rating: 0.5 to 5 stars in halves.</param>
/// <param name="Minute">Of a watched minute: 0 to 1,440.</param>
/// <param name="RequestId">Of an opened movie: request id of the slate that showed it.</param>
/// <param name="At">When it happened; now if left out.</param>
/// <param name="ExpectedVersion">Version that the user's stream must be at after the lines before this one; any if left out.</param>
public sealed record EventLine(
    [property: Required, AllowedValues("rating", "watch", "open")] string? Type,
    [property: JsonConverter(typeof(IdConverter)), Required] string? UserId, [property: JsonConverter(typeof(IdConverter)), Required] string? MovieId,
    [property: Range(0.5, 5)] double? Rating = null, [property: Range(0, WatchMovie.LongestMovieMinutes)] int? Minute = null, string? RequestId = null,
    DateTimeOffset? At = null, [property: Range(0L, long.MaxValue)] long? ExpectedVersion = null)
{
    /// <summary>The command that the line stands for; null with an error noted if there is no such command.</summary>
    internal IFactCommand? ToCommand(FieldErrors errors)
    {
        IFactCommand? command = Type switch
        {
            "rating" => new RateMovie(UserId, MovieId, Rating, At, ExpectedVersion),
            "watch" => new WatchMovie(UserId, MovieId, Minute, At, ExpectedVersion),
            "open" => new OpenMovie(UserId, MovieId, RequestId, At, ExpectedVersion),
            _ => null,
        };
        errors.Require(Type is not null, "type", "Required.").Require(command is not null, "type", "A type is rating, watch or open.")
            .Require(command is null or RateMovie || Rating is null, "rating", "Only a rating has this field.")
            .Require(command is null or WatchMovie || Minute is null, "minute", "Only a watch has this field.")
            .Require(command is null or OpenMovie || RequestId is null, "requestId", "Only an open has this field.");
        return command;
    }
}

/// <summary>What became of one line of <c>POST /events</c>.</summary>
/// <param name="Line">Number of the line, from 1.</param>
/// <param name="Status">201 stored, 400 not a JSON object, 403 not the caller's to state, 409 the user's stream is not at the expected version, 413 too long, 422 a field is wrong.</param>
/// <param name="Sequence">Log position of the stored event.</param>
/// <param name="Version">Version of the user's stream after it.</param>
/// <param name="Error">Why the line was not stored.</param>
/// <param name="Errors">Which fields are wrong.</param>
/// <param name="ActualVersion">With 409: the version that the user's stream was at.</param>
public sealed record LineResult(
    int Line, int Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Sequence = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Version = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Dictionary<string, string[]>? Errors = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? ActualVersion = null);
