using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using JWT.Algorithms;

namespace Recs.Host.Securing.Tokens;

/// <summary>A set of public keys as RFC 7517 writes it.</summary>
internal static class JwksDocument
{
    private const int LeastRsaBits = 2048;

    /// <summary>Reads the keys that can check RS256 and ES256 signatures. Others are left out, a secret (<c>oct</c>) above all: nobody publishes one.</summary>
    /// <exception cref="InvalidDataException">It is no such document.</exception>
    public static IReadOnlyList<TokenKey> Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new() { MaxDepth = 8, AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("keys", out var keys) && keys.ValueKind == JsonValueKind.Array
                ? [.. keys.EnumerateArray().Select(Read).OfType<TokenKey>()]
                : throw new InvalidDataException("A JWKS document is an object with an array 'keys'.");
        }
        catch (Exception e) when (e is JsonException or FormatException or CryptographicException)
        {
            throw new InvalidDataException($"The JWKS document cannot be read: {e.Message}", e);
        }
    }

    private static TokenKey? Read(JsonElement key)
    {
        if (key.ValueKind != JsonValueKind.Object || Text(key, "use") is not (null or "sig"))
            return null;
        return (Text(key, "kty"), Text(key, "crv"), Text(key, "alg")) switch
        {
            ("RSA", _, null or "RS256") => Rsa(key),
            ("EC", "P-256", null or "ES256") => TokenKey.Public(Text(key, "kid"), new EcdsaSha256(ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new() { X = Bytes(key, "x"), Y = Bytes(key, "y") },
            }))),
            _ => null,
        };
    }

    private static TokenKey? Rsa(JsonElement key)
    {
        var rsa = RSA.Create(new RSAParameters { Modulus = Bytes(key, "n"), Exponent = Bytes(key, "e") });
        return rsa.KeySize < LeastRsaBits ? null : TokenKey.Public(Text(key, "kid"), new RS256Algorithm(rsa));
    }

    private static string? Text(JsonElement key, string name) => key.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[] Bytes(JsonElement key, string name)
        => Base64Url.DecodeFromChars(Text(key, name) ?? throw new FormatException($"A key of kind {Text(key, "kty")} has no '{name}'."));
}
