using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Recs.Host.Tests.Securing;

/// <summary>Makes tokens with the framework alone, so that the program's own signing is no judge of its checking.</summary>
internal static class TestTokens
{
    public static readonly byte[] Secret = Encoding.ASCII.GetBytes("a secret of the tests, long enough for HS256");

    /// <summary>A token whose signature is whatever <paramref name="sign"/> makes of its first two parts.</summary>
    public static string Make(object header, object claims, Func<byte[], byte[]> sign)
    {
        var content = $"{Encode(JsonSerializer.SerializeToUtf8Bytes(header))}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        return $"{content}.{Encode(sign(Encoding.ASCII.GetBytes(content)))}";
    }

    public static string Hs256(object claims, byte[]? secret = null, object? header = null)
        => Make(header ?? new { alg = "HS256", typ = "JWT" }, claims, content => HMACSHA256.HashData(secret ?? Secret, content));

    public static string Rs256(RSA key, object claims, string? kid = null)
        => Make(new { alg = "RS256", kid }, claims, content => key.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public static string Es256(ECDsa key, object claims, string? kid = null)
        => Make(new { alg = "ES256", kid }, claims, content => key.SignData(content, HashAlgorithmName.SHA256));

    /// <summary>Claims of a good token.</summary>
    public static Dictionary<string, object?> Claims(DateTimeOffset now, string subject = "ann", params string[] roles) => new()
    {
        ["sub"] = subject,
        ["role"] = roles.Length == 0 ? ["user"] : roles,
        ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
    };

    /// <summary>A public key as a JWKS document lists it.</summary>
    public static object Jwk(RSA key, string? kid)
    {
        var p = key.ExportParameters(false);
        return new { kty = "RSA", kid, use = "sig", n = Encode(p.Modulus!), e = Encode(p.Exponent!) };
    }

    /// <summary>A public key as a JWKS document lists it.</summary>
    public static object Jwk(ECDsa key, string? kid)
    {
        var q = key.ExportParameters(false).Q;
        return new { kty = "EC", crv = "P-256", kid, alg = "ES256", x = Encode(q.X!), y = Encode(q.Y!) };
    }

    public static byte[] Jwks(params object[] keys) => JsonSerializer.SerializeToUtf8Bytes(new { keys });

    public static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
