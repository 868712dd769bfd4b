using Microsoft.AspNetCore.Http;
using Recs.EventStore.Appending;

namespace Recs.Commands.Recording;

/// <summary>The command is not carried out; its caller gets this answer. Nothing was stored.</summary>
internal sealed class CommandRefusedException(IResult answer) : Exception("The command was refused.")
{
    /// <summary>Problem details.</summary>
    public IResult Answer { get; } = answer;

    /// <summary>Refused with a status and what was wrong.</summary>
    public CommandRefusedException(int status, string detail) : this(Results.Problem(detail, statusCode: status))
    {
    }

    /// <summary>422 that names each field at fault.</summary>
    public CommandRefusedException(FieldErrors errors) : this(Results.ValidationProblem(
        errors.ByField, statusCode: StatusCodes.Status422UnprocessableEntity, title: "The command is not valid."))
    {
    }
}

/// <summary>Turns every refusal of a command, by its route or by the log, into problem details.</summary>
internal static class Refusals
{
    /// <summary>An endpoint filter.</summary>
    public static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        try
        {
            return await next(call);
        }
        catch (CommandRefusedException refused)
        {
            return refused.Answer;
        }
        catch (ConcurrencyException conflict)
        {
            return Results.Problem(conflict.Message, statusCode: StatusCodes.Status409Conflict,
                extensions: new Dictionary<string, object?> { ["expectedVersion"] = conflict.Expected, ["actualVersion"] = conflict.Actual });
        }
        catch (StreamArchivedException archived)
        {
            return Results.Problem(archived.Message, statusCode: StatusCodes.Status409Conflict);
        }
        catch (AppendOutcomeUnknownException)
        {
            call.HttpContext.Response.Headers.RetryAfter = "1";
            return Results.Problem(
                "The connection to the database was lost while the command was stored: it may be in the log or not. With an Idempotency-Key, send it again with the same key; without one, read before you send it again.",
                statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        catch (BadHttpRequestException bad)
        {
            return Results.Problem(bad.Message, statusCode: bad.StatusCode);
        }
    }
}
