using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Recs.Contracts.Callers;

namespace Recs.Queries.Asking;

/// <summary>Answers of reads that give nothing, each with what to do about it.</summary>
internal static class Refusal
{
    /// <summary>503: come again in a second.</summary>
    public static IResult NotYet(HttpContext http, string detail)
    {
        http.Response.Headers.RetryAfter = "1";
        return Results.Problem(detail, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>404.</summary>
    public static IResult NotFound(string detail) => Results.Problem(detail, statusCode: StatusCodes.Status404NotFound);

    /// <summary>403: a service or an admin may.</summary>
    public static IResult NeedsTrust(string detail) => Results.Problem(detail, statusCode: StatusCodes.Status403Forbidden);

    /// <summary>403 unless the caller may read what belongs to the person.</summary>
    public static IResult? NotTheirs(ClaimsPrincipal caller, string userId) => caller.MayActFor(userId)
        ? null
        : Results.Problem($"This belongs to '{userId}'. It takes their own token, or one of a service or an admin.", statusCode: StatusCodes.Status403Forbidden);
}
