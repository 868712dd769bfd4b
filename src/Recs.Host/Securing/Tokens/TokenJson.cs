using System.Text.Json;
using JWT;
using JWT.Builder;

namespace Recs.Host.Securing.Tokens;

/// <summary>The JSON of tokens for the token library: shallow, without duplicate names, so that no two readers can see two things in one token.</summary>
internal sealed class TokenJson : IJsonSerializer
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>Reads an object.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static JsonElement Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, Strict);
        return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw new JsonException("An object is expected.");
    }

    /// <inheritdoc/>
    public string Serialize(object obj) => JsonSerializer.Serialize(obj);

    /// <inheritdoc/>
    public T Deserialize<T>(string json)
    {
        var read = Read(System.Text.Encoding.UTF8.GetBytes(json));
        if (typeof(T) == typeof(JwtHeader))
            return (T)(object)new JwtHeader { Algorithm = Text(read, "alg"), KeyId = Text(read, "kid"), Type = Text(read, "typ") };
        if (typeof(T).IsAssignableFrom(typeof(Dictionary<string, object?>)))
            return (T)(object)read.EnumerateObject().ToDictionary(claim => claim.Name, claim => claim.Value.ValueKind == JsonValueKind.Number ? claim.Value.GetDouble() : (object?)claim.Value.ToString());
        throw new NotSupportedException($"Tokens hold no {typeof(T)}.");
    }

    /// <summary>A member that is text; null for none.</summary>
    /// <exception cref="JsonException">It is there and no text.</exception>
    public static string? Text(JsonElement read, string name) => !read.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw new JsonException($"'{name}' is not text.");
}
