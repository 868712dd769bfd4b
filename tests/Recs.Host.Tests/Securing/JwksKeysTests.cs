using System.Security.Cryptography;
using System.Text;
using Recs.Host.Securing;
using Recs.Host.Securing.Tokens;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Securing;

public sealed class JwksKeysTests : IDisposable
{
    private static readonly ECDsa One = ECDsa.Create(ECCurve.NamedCurves.nistP256), Two = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly byte[] OnlyOne = TestTokens.Jwks(TestTokens.Jwk(One, "1")), Both = TestTokens.Jwks(TestTokens.Jwk(One, "1"), TestTokens.Jwk(Two, "2"));
    private readonly TestClock clock = new();
    private readonly StubIssuer issuer = new(OnlyOne);
    private readonly JwksKeys keys;
    private readonly VerifiedTokens tokens;

    public JwksKeysTests()
    {
        var options = new SecurityOptions { Clock = clock, JwksAddress = new("https://issuer.example/keys"), JwksMaxAge = TimeSpan.FromMinutes(5), JwksMaxStale = TimeSpan.FromHours(1) };
        keys = new(options, issuer);
        tokens = new(keys, new VerifyToken(keys, options), options);
    }

    public void Dispose() => keys.Dispose();

    private async Task<bool> KnowsAsync(string id) => await keys.FindAsync("ES256", id, CancellationToken.None) is not null;

    /// <summary>Waits for a fetch that goes on beside the requests.</summary>
    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Fact]
    public async Task the_first_request_waits_for_the_keys()
    {
        (await KnowsAsync("1")).ShouldBeTrue();
        keys.Trouble.ShouldBeNull();
        issuer.Asked.ShouldBe(1);
    }

    [Fact]
    public async Task a_new_key_is_found_by_the_first_token_that_names_it()
    {
        (await KnowsAsync("1")).ShouldBeTrue();
        issuer.Keys = Both;
        clock.Pass(JwksKeys.Floor);
        (await KnowsAsync("2")).ShouldBeTrue();
        issuer.Asked.ShouldBe(2);
    }

    [Fact]
    public async Task tokens_that_name_keys_at_random_do_not_make_it_fetch_more_often_than_the_floor()
    {
        (await KnowsAsync("1")).ShouldBeTrue();
        for (var i = 0; i < 100; i++)
        {
            (await KnowsAsync($"no such key {i}")).ShouldBeFalse();
            clock.Pass(1);
        }
        issuer.Asked.ShouldBe(1 + (99 / (int)JwksKeys.Floor.TotalSeconds));
    }

    [Fact]
    public async Task a_key_that_is_no_longer_published_is_no_longer_valid_also_for_a_token_that_was_verified_before()
    {
        (await KnowsAsync("1")).ShouldBeTrue();
        issuer.Keys = Both;
        clock.Pass(JwksKeys.Floor);
        var header = "Bearer " + TestTokens.Es256(Two, TestTokens.Claims(clock.GetUtcNow()), "2");
        (await KnowsAsync("2")).ShouldBeTrue();
        (await tokens.CheckAsync(header, CancellationToken.None)).Reason.ShouldBeNull();
        tokens.Remembered(header).ShouldNotBeNull();
        issuer.Keys = OnlyOne;
        clock.Pass(TimeSpan.FromMinutes(5));
        await UntilAsync(() => tokens.Remembered(header) is null);
        (await tokens.CheckAsync(header, CancellationToken.None)).Caller.ShouldBeNull();
    }

    [Fact]
    public async Task while_fetching_fails_the_old_keys_hold_for_a_bounded_time_and_the_trouble_is_told()
    {
        (await KnowsAsync("1")).ShouldBeTrue();
        issuer.Keys = null;
        clock.Pass(TimeSpan.FromMinutes(6));
        await UntilAsync(() => keys.Trouble is not null);
        keys.Trouble!.ShouldContain("nobody is there");
        (await KnowsAsync("1")).ShouldBeTrue();
        clock.Pass(TimeSpan.FromMinutes(55));
        (await KnowsAsync("1")).ShouldBeFalse();
        keys.Any.ShouldBeFalse();
        issuer.Keys = OnlyOne;
        clock.Pass(JwksKeys.Floor);
        await UntilAsync(() => keys.Any);
        await UntilAsync(() => keys.Trouble is null);
    }

    [Fact]
    public async Task a_token_without_a_key_id_fits_where_there_is_no_choice()
    {
        (await keys.FindAsync("ES256", null, CancellationToken.None)).ShouldNotBeNull();
        (await keys.FindAsync("RS256", null, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task with_two_keys_a_token_must_name_its_own()
    {
        (await KnowsAsync("1")).ShouldBeTrue();
        issuer.Keys = Both;
        clock.Pass(JwksKeys.Floor);
        (await KnowsAsync("2")).ShouldBeTrue();
        (await keys.FindAsync("ES256", null, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public void secrets_weak_keys_and_keys_for_other_uses_are_left_out()
    {
        using var weak = RSA.Create(1024);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var p = One.ExportParameters(false).Q;
        JwksDocument.Parse(TestTokens.Jwks(
            new { kty = "oct", kid = "s", k = TestTokens.Encode(TestTokens.Secret), alg = "HS256" },
            TestTokens.Jwk(weak, "w"),
            new { kty = "EC", crv = "P-384", kid = "c", x = TestTokens.Encode(p384.ExportParameters(false).Q.X!), y = TestTokens.Encode(p384.ExportParameters(false).Q.Y!) },
            new { kty = "EC", crv = "P-256", kid = "enc", use = "enc", x = TestTokens.Encode(p.X!), y = TestTokens.Encode(p.Y!) })).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"keys\":7}")]
    [InlineData("<html>")]
    [InlineData("{\"keys\":[{\"kty\":\"RSA\",\"n\":\"!\",\"e\":\"AQAB\"}]}")]
    [InlineData("{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}]}")]
    public void what_is_no_set_of_keys_is_refused(string json)
        => Should.Throw<InvalidDataException>(() => JwksDocument.Parse(Encoding.UTF8.GetBytes(json)));
}
