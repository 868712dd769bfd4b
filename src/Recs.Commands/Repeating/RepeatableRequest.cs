using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Recs.Commands.Recording;
using Recs.Contracts.Callers;

namespace Recs.Commands.Repeating;

/// <summary>A request that may come again, because its caller did not get the answer.</summary>
/// <param name="Id">sha256 over the caller's subject, the route and the key.</param>
/// <param name="BodySha256">Digest of its body: another body under the same key is a mistake of the caller.</param>
internal sealed record RepeatableRequest(byte[] Id, byte[] BodySha256)
{
    /// <summary>Header with the key.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>Longest key.</summary>
    public const int MaxLength = 200;

    /// <summary>For the OpenAPI document.</summary>
    public const string Meaning = "1 to 200 printable ASCII characters, kept for 24 hours per caller and route: the same body again gets the first answer again, another body 422.";

    /// <summary>The request's identity; null if it has no key.</summary>
    /// <exception cref="CommandRefusedException">400: the key is not one.</exception>
    public static RepeatableRequest? Of(HttpContext http, string? key, ReadOnlySpan<byte> body) => key is null ? null : Of(http, key, SHA256.HashData(body));

    /// <summary>The same for a body that was digested while it was read.</summary>
    /// <exception cref="CommandRefusedException">400: the key is not one.</exception>
    public static RepeatableRequest Of(HttpContext http, string key, byte[] bodySha256)
    {
        if (http.Request.Headers[Header].Count > 1)
            throw new CommandRefusedException(StatusCodes.Status400BadRequest, $"The header {Header} was given more than once.");
        RequireValid(key);
        var scope = $"{http.User.Subject()}\n{http.Request.Method} {Route(http)}\n{key}";
        return new(SHA256.HashData(Encoding.UTF8.GetBytes(scope)), bodySha256);
    }

    /// <summary>The route as it was declared, with its values: a path has many spellings (case, a slash at its end) that lead to one route.</summary>
    private static string Route(HttpContext http) => http.GetEndpoint() is RouteEndpoint { RoutePattern: var pattern }
        ? string.Join('\n', pattern.Parameters.Select(p => http.Request.RouteValues[p.Name]?.ToString()).Prepend(pattern.RawText))
        : http.Request.Path.ToString();

    private static void RequireValid(string key)
    {
        if (key.Length is 0 or > MaxLength || key.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            throw new CommandRefusedException(StatusCodes.Status400BadRequest, $"The header {Header} must have 1 to {MaxLength} printable ASCII characters.");
    }
}
