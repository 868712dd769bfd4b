using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Recs.Commands.Recording;

/// <summary>The body of a request that carries one command.</summary>
/// <param name="Bytes">UTF-8 JSON, not looked at yet.</param>
internal sealed record CommandBody(ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Most bytes that a single command may have.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Reads the body.</summary>
    /// <exception cref="CommandRefusedException">415 if it is not plain JSON, 413 if it is too large.</exception>
    public static async Task<CommandBody> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        RequireType(request, "application/json");
        RequireSize(request.ContentLength ?? 0, MaxBytes);
        var buffer = new byte[request.ContentLength + 1 ?? 4096];
        var length = 0;
        while (true)
        {
            var read = await request.Body.ReadAsync(buffer.AsMemory(length), cancel);
            if (read == 0)
                return new(buffer.AsMemory(0, length));
            RequireSize(length += read, MaxBytes);
            if (length == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
        }
    }

    /// <summary>The command.</summary>
    /// <exception cref="CommandRefusedException">400 if it is not a JSON object, 422 if a field is unknown, repeated or of the wrong type.</exception>
    public T Parse<T>(JsonTypeInfo<T> json) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Bytes.Span, json)
                ?? throw new CommandRefusedException(StatusCodes.Status400BadRequest, "The body is null; send a JSON object.");
        }
        catch (JsonException e)
        {
            throw JsonFault.Of(e) is { Field: { } field, Message: var message }
                ? new CommandRefusedException(new FieldErrors().Add(field, message))
                : new CommandRefusedException(StatusCodes.Status400BadRequest, $"The body is not a JSON object (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).");
        }
    }

    /// <summary>The body must be of the media type, in UTF-8 and not compressed.</summary>
    /// <exception cref="CommandRefusedException">415.</exception>
    public static void RequireType(HttpRequest request, string mediaType)
    {
        var plain = MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            && request.Headers.ContentEncoding.Count == 0;
        if (!plain)
            throw new CommandRefusedException(StatusCodes.Status415UnsupportedMediaType, $"Send the body as {mediaType} in UTF-8, not compressed.");
    }

    /// <summary>The body must not have more bytes than it may.</summary>
    /// <exception cref="CommandRefusedException">413.</exception>
    public static void RequireSize(long bytes, long most)
    {
        if (bytes > most)
            throw new CommandRefusedException(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {most:N0} bytes.");
    }
}

/// <summary>What is wrong with a JSON object.</summary>
/// <param name="Field">Field at fault; null if it is not a JSON object at all.</param>
/// <param name="Message">For the caller.</param>
internal sealed record JsonFault(string? Field, string Message)
{
    /// <summary>Characters of a field's name that an answer repeats.</summary>
    private const int LongestName = 100;

    /// <summary>What a strict reader complains about.</summary>
    public static JsonFault Of(JsonException e) => FieldAt(e.Path) is { } field
        ? new(field.Length <= LongestName ? field : field[..LongestName] + "...", e.Message.Contains("could not be mapped", StringComparison.Ordinal) ? "No such field." : "The value has the wrong type.")
        : new(null, "Not a JSON object.");

    /// <summary><c>$.rating</c> or, for a name that is not a plain word, <c>$['my rating']</c>.</summary>
    private static string? FieldAt(string? path) => path switch
    {
        ['$', '.', .. var name] when name.Length > 0 => name,
        ['$', '[', '\'', .. var name, '\'', ']'] => name,
        _ => null,
    };
}
