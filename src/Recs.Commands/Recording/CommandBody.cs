using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Recs.Commands.Recording;

/// <summary>Reads a command from a request's body, with answers that name the field at fault.</summary>
internal static class CommandBody
{
    /// <summary>Most bytes that a single command may have.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The command, or the problem that the caller gets instead.</summary>
    public static async Task<(T? Command, IResult? Problem)> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> json, CancellationToken cancel) where T : class
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            return (null, Results.Problem("Send the command as application/json.", statusCode: StatusCodes.Status415UnsupportedMediaType));
        if (request.ContentLength > MaxBytes)
            return (null, TooLarge());
        try
        {
            var body = await ReadBoundedAsync(request.Body, cancel);
            if (body is null)
                return (null, TooLarge());
            var command = JsonSerializer.Deserialize(body.Value.Span, json);
            return command is null ? (null, Results.Problem("The body is null; send a JSON object.", statusCode: 400)) : (command, null);
        }
        catch (JsonException e)
        {
            return (null, Explain(e));
        }
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadBoundedAsync(Stream body, CancellationToken cancel)
    {
        var buffer = new byte[4096];
        var length = 0;
        while (true)
        {
            var read = await body.ReadAsync(buffer.AsMemory(length), cancel);
            if (read == 0)
                return buffer.AsMemory(0, length);
            length += read;
            if (length > MaxBytes)
                return null;
            if (length == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
        }
    }

    private static IResult Explain(JsonException e)
    {
        var field = e.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : null;
        return field is null
            ? Results.Problem($"The body is not a JSON object (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).", statusCode: StatusCodes.Status400BadRequest)
            : Invalid(field, e.Message.Contains("could not be mapped", StringComparison.Ordinal) ? "No such field." : "The value has the wrong type.");
    }

    /// <summary>422 that names one field.</summary>
    public static IResult Invalid(string field, string message) => Invalid(new Dictionary<string, string[]> { [field] = [message] });

    /// <summary>422 that names each field at fault.</summary>
    public static IResult Invalid(IDictionary<string, string[]> errors)
        => Results.ValidationProblem(errors, statusCode: StatusCodes.Status422UnprocessableEntity, title: "The command is not valid.");

    private static IResult TooLarge() => Results.Problem($"The body is larger than {MaxBytes} bytes.", statusCode: StatusCodes.Status413PayloadTooLarge);
}
