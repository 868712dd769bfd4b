using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Recs.Commands.Recording;

/// <summary>The answer to a command that was carried out.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">Bytes of the body.</param>
/// <param name="ContentType">Media type of the body.</param>
/// <param name="Sequence">Log position of the stored event; none if nothing was stored, or much.</param>
/// <param name="Version">Version of the stream now.</param>
/// <param name="Replayed">It was given before, to the first request with the same idempotency key.</param>
internal sealed record CommandAnswer(int Status, byte[] Body, string ContentType, long? Sequence = null, long? Version = null, bool Replayed = false) : IResult
{
    /// <summary>A JSON answer.</summary>
    public static CommandAnswer Of<T>(int status, T body, JsonTypeInfo<T> json, long? sequence, long version)
        => new(status, JsonSerializer.SerializeToUtf8Bytes(body, json), "application/json; charset=utf-8", sequence, version);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        response.ContentLength = Body.Length;
        if (Sequence is { } sequence)
            response.Headers["X-Recs-Sequence"] = sequence.ToString();
        if (Version is { } version)
            response.Headers["X-Recs-Stream-Version"] = version.ToString();
        if (Replayed)
            response.Headers["Idempotent-Replayed"] = "true";
        await response.Body.WriteAsync(Body, httpContext.RequestAborted);
    }
}
