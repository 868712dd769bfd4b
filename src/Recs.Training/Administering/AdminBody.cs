using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Recs.Training.Administering;

/// <summary>Reads the small bodies of the administration's routes; what is wrong with one is answered with the field's name.</summary>
internal static class AdminBody
{
    private const int MaxBytes = 64 * 1024;
    private const int LongestReason = 1000;

    /// <summary>The body, or the problem that the caller gets instead.</summary>
    /// <param name="request">The request.</param>
    /// <param name="json">How the body is read.</param>
    /// <param name="none">What an empty body stands for.</param>
    /// <param name="cancel">Stops reading.</param>
    public static async Task<(T? Body, IResult? Problem)> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> json, T none, CancellationToken cancel) where T : class
    {
        var bytes = await ReadBoundedAsync(request.Body, cancel);
        if (bytes is null)
            return (null, Results.Problem($"The body is larger than {MaxBytes} bytes.", statusCode: StatusCodes.Status413PayloadTooLarge));
        if (bytes.Length == 0)
            return (none, null);
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            return (null, Results.Problem("Send the body as application/json.", statusCode: StatusCodes.Status415UnsupportedMediaType));
        try
        {
            return JsonSerializer.Deserialize(bytes, json) is { } body
                ? (body, null)
                : (null, Results.Problem("The body is null; send a JSON object.", statusCode: StatusCodes.Status400BadRequest));
        }
        catch (JsonException e)
        {
            return (null, Explain(e));
        }
    }

    /// <summary>422 unless the reason is one.</summary>
    public static IResult? WrongReason(string? reason)
        => string.IsNullOrWhiteSpace(reason) || reason.Length > LongestReason ? Invalid("reason", $"Say why, in 1 to {LongestReason} characters: the log keeps it.") : null;

    /// <summary>422 that names one field.</summary>
    public static IResult Invalid(string field, string message)
        => Results.ValidationProblem(new Dictionary<string, string[]> { [field] = [message] }, statusCode: StatusCodes.Status422UnprocessableEntity, title: "The request is not valid.");

    /// <summary>What every route that reads a body and needs an admin may answer.</summary>
    public static RouteHandlerBuilder ProducesBodyProblems(this RouteHandlerBuilder route) => route
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(413).ProducesProblem(415).ProducesValidationProblem(422).ProducesProblem(503);

    private static async Task<byte[]?> ReadBoundedAsync(Stream body, CancellationToken cancel)
    {
        using var all = new MemoryStream();
        var buffer = new byte[4096];
        for (var read = await body.ReadAsync(buffer, cancel); read > 0; read = await body.ReadAsync(buffer, cancel))
        {
            all.Write(buffer, 0, read);
            if (all.Length > MaxBytes)
                return null;
        }
        return all.ToArray();
    }

    private static IResult Explain(JsonException e)
        => e.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal)
            ? Invalid(path[2..], e.Message.Contains("could not be mapped", StringComparison.Ordinal) ? "No such field." : "The value has the wrong type.")
            : Results.Problem($"The body is not a JSON object (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).", statusCode: StatusCodes.Status400BadRequest);
}
