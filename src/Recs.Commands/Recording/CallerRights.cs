using Microsoft.AspNetCore.Http;
using Recs.Contracts.Callers;

namespace Recs.Commands.Recording;

/// <summary>Whose facts a caller may state.</summary>
internal static class CallerRights
{
    /// <summary>What a caller is told who may not.</summary>
    public static string Refusal(string userId) => $"This token may not act for user '{userId}': a user writes only its own facts; a service or an admin writes anybody's.";

    /// <summary>The caller must be the user, a service or an admin.</summary>
    /// <exception cref="CommandRefusedException">403.</exception>
    public static void RequireRightToActFor(this HttpContext http, string userId)
    {
        if (!http.User.MayActFor(userId))
            throw new CommandRefusedException(StatusCodes.Status403Forbidden, Refusal(userId));
    }
}
