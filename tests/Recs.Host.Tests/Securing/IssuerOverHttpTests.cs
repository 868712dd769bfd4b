using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Recs.Host.Securing;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Securing;

/// <summary>Keys from a JWKS address on a real socket.</summary>
public sealed class IssuerOverHttpTests(SecuredStore store) : IClassFixture<SecuredStore>
{
    private static async Task<HttpStatusCode> AskAsync(Uri service, string token)
    {
        using var http = new HttpClient { BaseAddress = service };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.GetAsync("/healthz");
        return answer.StatusCode;
    }

    [Fact]
    public async Task tokens_of_the_issuer_are_accepted_those_of_others_are_not()
    {
        using var key = RSA.Create(2048);
        using var other = RSA.Create(2048);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var issuer = builder.Build();
        issuer.MapGet("/keys", () => Results.Bytes(TestTokens.Jwks(TestTokens.Jwk(key, "k")), "application/json"));
        issuer.MapGet("/moved", () => Results.Redirect("/keys"));
        await issuer.StartAsync();
        var claims = TestTokens.Claims(DateTimeOffset.UtcNow);

        await using (var node = await store.StartAsync(new SecurityOptions { JwksAddress = new(issuer.Urls.First() + "/keys") }))
        {
            (await AskAsync(node.Address, TestTokens.Rs256(key, claims, "k"))).ShouldBe(HttpStatusCode.OK);
            (await AskAsync(node.Address, TestTokens.Rs256(other, claims, "k"))).ShouldBe(HttpStatusCode.Unauthorized);
            (await AskAsync(node.Address, TestTokens.Hs256(claims))).ShouldBe(HttpStatusCode.Unauthorized, "no secret is configured");
        }
        await using var redirected = await store.StartAsync(new SecurityOptions { JwksAddress = new(issuer.Urls.First() + "/moved") });
        (await AskAsync(redirected.Address, TestTokens.Rs256(key, claims, "k"))).ShouldBe(HttpStatusCode.Unauthorized, "redirects are not followed");
    }

    [Fact]
    public async Task an_issuer_that_cannot_be_reached_is_told_by_readyz()
    {
        await using var node = await store.StartAsync(new SecurityOptions { JwksAddress = new("http://127.0.0.1:1/keys") });
        using var key = RSA.Create(2048);
        (await AskAsync(node.Address, TestTokens.Rs256(key, TestTokens.Claims(DateTimeOffset.UtcNow), "k"))).ShouldBe(HttpStatusCode.Unauthorized);
        using var http = new HttpClient { BaseAddress = node.Address };
        using var ready = await http.GetAsync("/readyz");
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await ready.Content.ReadAsStringAsync()).ShouldContain("cannot be fetched");
    }
}
