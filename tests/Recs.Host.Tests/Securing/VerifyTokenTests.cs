using System.Security.Cryptography;
using System.Text;
using Recs.Contracts.Callers;
using Recs.Host.Securing;
using Recs.Host.Securing.Tokens;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Securing;

public sealed class VerifyTokenTests : IDisposable
{
    private static readonly RSA Rsa = RSA.Create(2048);
    private static readonly ECDsa Ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly TestClock clock = new();
    private readonly string folder = Directory.CreateTempSubdirectory("recs-tokens-").FullName;
    private readonly SecurityOptions options;
    private readonly TokenKeys keys;

    public VerifyTokenTests()
    {
        var secret = Path.Combine(folder, "secret");
        File.WriteAllBytes(secret, [.. TestTokens.Secret, (byte)'\n']);
        options = new() { Clock = clock, SecretFile = secret, JwksAddress = new("https://issuer.example/keys"), Issuer = null };
        keys = new TokenKeys([new SecretKeys(secret, clock), new JwksKeys(options, new StubIssuer(TestTokens.Jwks(TestTokens.Jwk(Rsa, "r"), TestTokens.Jwk(Ec, "e"))))]);
    }

    public void Dispose()
    {
        keys.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private DateTimeOffset Now => clock.GetUtcNow();

    private Task<TokenVerdict> CheckAsync(string token, string? issuer = null, string? audience = null)
        => new VerifyToken(keys, options with { Issuer = issuer, Audience = audience }).CheckAsync(token, CancellationToken.None).AsTask();

    [Fact]
    public async Task a_token_of_each_algorithm_says_who_calls()
    {
        foreach (var token in new[] { TestTokens.Hs256(TestTokens.Claims(Now)), TestTokens.Rs256(Rsa, TestTokens.Claims(Now), "r"), TestTokens.Es256(Ec, TestTokens.Claims(Now), "e") })
        {
            var verdict = await CheckAsync(token);
            verdict.Reason.ShouldBeNull();
            verdict.Caller!.Subject().ShouldBe("ann");
            verdict.Caller!.MayActFor("ann").ShouldBeTrue();
            verdict.Caller!.MayActFor("ben").ShouldBeFalse();
            verdict.Caller!.IsTrusted().ShouldBeFalse();
        }
    }

    [Fact]
    public async Task a_changed_character_anywhere_spoils_a_token_of_each_algorithm()
    {
        foreach (var token in new[] { TestTokens.Hs256(TestTokens.Claims(Now)), TestTokens.Rs256(Rsa, TestTokens.Claims(Now), "r"), TestTokens.Es256(Ec, TestTokens.Claims(Now), "e") })
            for (var at = 0; at < token.Length - 1; at += 7) // the very last character has bits that mean nothing
            {
                var spoiled = new StringBuilder(token) { [at] = token[at] == 'A' ? 'B' : 'A' }.ToString();
                (await CheckAsync(spoiled)).Caller.ShouldBeNull($"character {at} of {token}");
            }
    }

    [Fact]
    public async Task the_roles_may_be_text_or_an_array_under_either_name_and_unknown_ones_mean_nothing()
    {
        var claims = TestTokens.Claims(Now, "program");
        claims["role"] = "service";
        claims["roles"] = new[] { "admin", "wizard" };
        var caller = (await CheckAsync(TestTokens.Hs256(claims))).Caller!;
        CallerRoles.All.Where(caller.Has).ShouldBe([CallerRoles.Service, CallerRoles.Admin]);
        caller.Has("wizard").ShouldBeFalse();
    }

    [Fact]
    public async Task a_token_without_a_role_names_somebody_who_may_do_nothing()
    {
        var claims = TestTokens.Claims(Now);
        claims.Remove("role");
        var caller = (await CheckAsync(TestTokens.Hs256(claims))).Caller!;
        caller.IsKnown().ShouldBeTrue();
        caller.MayActFor("ann").ShouldBeFalse();
    }

    [Theory]
    [InlineData("none", "alg")]
    [InlineData("NONE", "alg")]
    [InlineData("HS512", "alg")]
    [InlineData("HS384", "alg")]
    [InlineData("hs256", "alg")]
    [InlineData("", "alg")]
    public async Task an_algorithm_that_is_not_pinned_is_refused(string algorithm, string named)
    {
        (await CheckAsync(TestTokens.Make(new { alg = algorithm }, TestTokens.Claims(Now), _ => []))).Reason!.ShouldContain(named);
        (await CheckAsync(TestTokens.Hs256(TestTokens.Claims(Now), header: new { alg = algorithm }))).Reason!.ShouldContain(named);
    }

    [Fact]
    public async Task a_public_key_does_not_serve_as_a_secret()
    {
        byte[][] secrets = [Rsa.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(Rsa.ExportSubjectPublicKeyInfoPem()), Rsa.ExportRSAPublicKey(), []];
        foreach (var secret in secrets)
            (await CheckAsync(TestTokens.Hs256(TestTokens.Claims(Now), secret, new { alg = "HS256", kid = "r" }))).Caller.ShouldBeNull();
    }

    [Fact]
    public async Task a_key_of_one_kind_does_not_check_the_other_kind()
    {
        (await CheckAsync(TestTokens.Make(new { alg = "RS256", kid = "e" }, TestTokens.Claims(Now), content => Ec.SignData(content, HashAlgorithmName.SHA256)))).Caller.ShouldBeNull();
        (await CheckAsync(TestTokens.Make(new { alg = "ES256", kid = "r" }, TestTokens.Claims(Now), content => Rsa.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)))).Caller.ShouldBeNull();
    }

    [Theory]
    [InlineData("exp", -31, "expired")]
    [InlineData("nbf", 31, "nbf")]
    [InlineData("iat", 31, "iat")]
    public async Task times_hold_but_for_30_seconds_between_clocks(string claim, int seconds, string reason)
    {
        var claims = TestTokens.Claims(Now);
        claims[claim] = Now.ToUnixTimeSeconds() + seconds;
        (await CheckAsync(TestTokens.Hs256(claims))).Reason!.ShouldContain(reason);
        claims[claim] = Now.ToUnixTimeSeconds() + (Math.Sign(seconds) * 29);
        (await CheckAsync(TestTokens.Hs256(claims))).Reason.ShouldBeNull();
    }

    [Theory]
    [InlineData("exp", null)]
    [InlineData("exp", "tomorrow")]
    [InlineData("exp", -1)]
    [InlineData("exp", 1e300)]
    [InlineData("nbf", "now")]
    [InlineData("iat", true)]
    [InlineData("sub", null)]
    [InlineData("sub", "")]
    [InlineData("sub", 7)]
    [InlineData("sub", "two\nlines")]
    [InlineData("role", 7)]
    public async Task a_claim_that_is_missing_or_of_another_type_is_refused(string claim, object? value)
    {
        var claims = TestTokens.Claims(Now);
        if (value is null)
            claims.Remove(claim);
        else
            claims[claim] = value;
        (await CheckAsync(TestTokens.Hs256(claims))).Caller.ShouldBeNull();
    }

    [Fact]
    public async Task issuer_and_audience_must_be_those_that_are_demanded()
    {
        var claims = TestTokens.Claims(Now);
        (await CheckAsync(TestTokens.Hs256(claims), issuer: "https://issuer.example")).Reason!.ShouldContain("iss");
        (await CheckAsync(TestTokens.Hs256(claims), audience: "recs")).Reason!.ShouldContain("aud");
        (claims["iss"], claims["aud"]) = ("https://issuer.example", new[] { "other", "recs" });
        (await CheckAsync(TestTokens.Hs256(claims), "https://issuer.example", "recs")).Reason.ShouldBeNull();
        (await CheckAsync(TestTokens.Hs256(claims), "https://issuer.example/", "recs")).Caller.ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("a.b.c.d")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9..")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.e30.")]
    [InlineData("bnVsbA.e30.AA")]
    [InlineData("W10.e30.AA")]
    [InlineData("eyJhbGciOiJIUzI1NiIsImFsZyI6Im5vbmUifQ.e30.AA")]
    [InlineData("é.é.é")]
    public async Task garbage_is_refused_and_not_repeated(string garbage)
    {
        var verdict = await CheckAsync(garbage);
        verdict.Caller.ShouldBeNull();
        if (garbage.Length > 3)
            verdict.Reason!.ShouldNotContain(garbage);
    }

    [Fact]
    public async Task a_token_that_demands_extensions_or_is_endless_is_refused()
    {
        (await CheckAsync(TestTokens.Hs256(TestTokens.Claims(Now), header: new { alg = "HS256", crit = new[] { "b64" }, b64 = false }))).Reason!.ShouldContain("crit");
        (await CheckAsync(TestTokens.Hs256(new { pad = new string('x', 9000) }))).Reason!.ShouldContain("longer");
    }
}
