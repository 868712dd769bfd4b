using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Recs.Commands.Importing.Formats;
using Recs.Commands.Recording;
using Recs.Commands.Repeating;
using Recs.Contracts;
using Recs.Contracts.Users;
using Recs.EventStore;
using Recs.EventStore.Evolving;

namespace Recs.Commands.Registering;

/// <summary>Say what is known about a person. It replaces what was known; a field that is left out is not known.</summary>
/// <param name="Gender">As the source gives it; MovieLens: <c>F</c> or <c>M</c>.</param>
/// <param name="Age">Years, 0 to 120.</param>
/// <param name="Occupation">As the source gives it.</param>
/// <param name="ZipCode">As the source gives it.</param>
/// <param name="ExpectedVersion">Version that the user's stream must be at; any if left out.</param>
public sealed record DescribeUser(
    [property: StringLength(TextFields.MaxOther, MinimumLength = 1)] string? Gender = null, [property: Range(0, DescribeUser.OldestAge)] int? Age = null,
    [property: StringLength(TextFields.MaxOther, MinimumLength = 1)] string? Occupation = null,
    [property: StringLength(TextFields.MaxOther, MinimumLength = 1)] string? ZipCode = null, [property: Range(0L, long.MaxValue)] long? ExpectedVersion = null)
{
    internal const int OldestAge = 120;

    internal static readonly string[] Kinds = [EventAliases.UserRegistered, EventAliases.UserChanged];

    internal FieldErrors Validate(string userId) => new FieldErrors()
        .RequireId(userId, "userId")
        .RequireText(Gender, TextFields.MaxOther, "gender")
        .Require(Age is null or (>= 0 and <= OldestAge), "age", $"An age is 0 to {OldestAge} years.")
        .RequireText(Occupation, TextFields.MaxOther, "occupation")
        .RequireText(ZipCode, TextFields.MaxOther, "zipCode")
        .RequireVersion(ExpectedVersion);

    /// <summary>The next description, or null if the known one says the same.</summary>
    internal object? Decide(string userId, object? known)
    {
        var said = known is UserRegistered r ? new(r.UserId, r.Gender, r.Age, r.Occupation, r.ZipCode) : known as UserChanged;
        var next = new UserChanged(userId, Gender, Age, Occupation, ZipCode);
        return said is null ? new UserRegistered(userId, Gender, Age, Occupation, ZipCode) : said == next ? null : next;
    }
}

/// <summary>The answer to a description of a person.</summary>
/// <param name="UserId">Who.</param>
/// <param name="Changed">False if the log said so already; nothing was stored then.</param>
/// <param name="Sequence">Log position of the new description.</param>
/// <param name="Version">Version of the user's stream now.</param>
public sealed record UserDescribed(
    [property: JsonConverter(typeof(IdConverter))] string UserId, bool Changed, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Sequence, long Version);

/// <summary><c>PUT /users/{userId}</c>.</summary>
public static class DescribeUserRoute
{
    /// <summary>Maps the route.</summary>
    public static RouteHandlerBuilder MapDescribeUser(this IEndpointRouteBuilder routes) => routes
        .MapPut("/users/{userId}", HandleAsync)
        .WithName("DescribeUser").WithSummary("Say what is known about a person")
        .WithDescription("201 for a person without a description so far, 200 for a change and for what is known already (changed is false then, and nothing is stored).")
        .Accepts<DescribeUser>("application/json")
        .Produces<UserDescribed>(StatusCodes.Status201Created).Produces<UserDescribed>();

    private static async Task<IResult> HandleAsync(
        HttpContext http, string userId, DescriptionRecorder recorder, EventTypes types, TimeProvider clock,
        [FromHeader(Name = RepeatableRequest.Header), Description(RepeatableRequest.Meaning), StringLength(RepeatableRequest.MaxLength, MinimumLength = 1)] string? key,
        CancellationToken cancel)
    {
        var body = await CommandBody.ReadAsync(http.Request, cancel);
        var command = body.Parse(CommandJson.Default.DescribeUser);
        command.Validate(userId).ThrowIfAny();
        http.RequireRightToActFor(userId);
        var request = RepeatableRequest.Of(http, key, body.Bytes.Span);
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        return await recorder.RecordAsync(StreamIds.User(userId), DescribeUser.Kinds, command.ExpectedVersion, Decide, Answer, request, cancel);

        NewEvent? Decide(object? known) => command.Decide(userId, known) switch
        {
            UserRegistered registered => types.Encode(id, registered, id.ToString("N"), http.TraceIdentifier),
            UserChanged changed => types.Encode(id, changed, id.ToString("N"), http.TraceIdentifier),
            _ => null,
        };

        CommandAnswer Answer(Described described) => CommandAnswer.Of(
            described.Added ? StatusCodes.Status201Created : StatusCodes.Status200OK,
            new(userId, described.Sequence is not null, described.Sequence, described.Version), CommandJson.Default.UserDescribed, described.Sequence, described.Version);
    }
}
