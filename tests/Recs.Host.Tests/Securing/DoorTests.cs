using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Recs.Host.Listening;
using Recs.Host.Securing;
using Recs.Host.Securing.Limits;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Securing;

/// <summary>What stands between the network and the routes, over real HTTP.</summary>
public sealed class DoorTests(SecuredStore store) : IClassFixture<SecuredStore>
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private static string Token(string subject, string role) => TestTokens.Hs256(TestTokens.Claims(Now, subject, role));

    private static async Task<HttpResponseMessage> AskAsync(RecsNode node, string path, string? token = null, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Address, path));
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        return await http.SendAsync(request, HttpCompletionOption.ResponseContentRead);
    }

    private SecurityOptions Limited(RateLimits limits, TimeProvider? clock = null) => new() { SecretFile = store.SecretPath, Limits = limits, Clock = clock ?? TimeProvider.System };

    [Fact]
    public async Task every_answer_tells_browsers_to_trust_nothing_and_to_keep_nothing()
    {
        await using var node = await store.StartAsync();
        foreach (var (path, status) in new[] { ("/healthz", 200), ("/nowhere", 404), ($"/provenance/{Guid.Empty:N}", 401), ("/recommend/1", 503), ("/recommend/no%20id", 400) })
        {
            using var answer = await AskAsync(node, path);
            ((int)answer.StatusCode).ShouldBe(status, path);
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
            answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
            answer.Headers.GetValues("Content-Security-Policy").ShouldBe(["default-src 'none'; frame-ancestors 'none'"]);
            answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
            answer.Headers.Contains("Strict-Transport-Security").ShouldBeFalse("it means nothing over http");
        }
    }

    [Fact]
    public async Task the_api_page_may_run_its_own_scripts_and_no_others()
    {
        await using var node = await store.StartAsync();
        using var page = await AskAsync(node, "/swagger/index.html");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'self'");
        policy.ShouldNotContain("script-src");
        (await page.Content.ReadAsStringAsync()).ShouldNotMatch(@"<script(?![^>]*\ssrc=)", "a script within the page would not run");
    }

    [Fact]
    public async Task a_caller_over_its_limit_is_told_when_to_come_back_and_counted()
    {
        var clock = new TestClock();
        await using var node = await store.StartAsync(Limited(new() { Anonymous = 2, BlockAfter = 3, Probes = 0 }, clock));
        (await AskAsync(node, "/nowhere")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await AskAsync(node, "/nowhere")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var refused = await AskAsync(node, "/nowhere");
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(30));
        refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("policy").GetString().ShouldBe("anonymous");
        await AskAsync(node, "/nowhere");
        using var blocked = await AskAsync(node, "/nowhere");
        blocked.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(300));
        clock.Pass(299);
        (await AskAsync(node, "/nowhere")).Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        clock.Pass(1);
        (await AskAsync(node, "/nowhere")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var metrics = await AskAsync(node, "/metrics");
        var text = await metrics.Content.ReadAsStringAsync();
        text.ShouldContain("recs_rate_limited_total{policy=\"anonymous\"}");
        text.ShouldContain("recs_rate_limited_total{policy=\"blocked\"}");
    }

    [Fact]
    public async Task a_bad_token_is_refused_also_where_none_is_needed_and_counts_as_anonymous()
    {
        await using var node = await store.StartAsync(Limited(new() { Anonymous = 2 }));
        using var refused = await AskAsync(node, "/healthz", "no.good.token");
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        refused.Headers.WwwAuthenticate.Single().ToString().ShouldStartWith("Bearer error=\"invalid_token\", error_description=\"");
        (await refused.Content.ReadAsStringAsync()).ShouldNotContain("no.good.token");
        (await AskAsync(node, "/recommend/1", null, ("Authorization", "Basic dXNlcjpwYXNz"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await AskAsync(node, "/recommend/1", null, ("Authorization", "Bearer"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await AskAsync(node, "/recommend/1", "no.good.token")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task users_share_an_address_but_not_a_limit()
    {
        await using var node = await store.StartAsync(Limited(new() { User = 1, BlockAfter = 0 }));
        (await AskAsync(node, "/nowhere", Token("ann", "user"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await AskAsync(node, "/nowhere", Token("ann", "user"))).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await AskAsync(node, "/nowhere", Token("ben", "user"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        for (var i = 0; i < 5; i++)
            (await AskAsync(node, "/nowhere", Token("program", "service"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task nobody_chooses_its_own_address_but_behind_a_trusted_proxy_callers_are_told_apart()
    {
        static Task<HttpResponseMessage> FromAsync(RecsNode node, string forwarded) => AskAsync(node, "/nowhere", null, ("X-Forwarded-For", forwarded));
        await using (var open = await store.StartAsync(Limited(new() { Anonymous = 1 })))
        {
            (await FromAsync(open, "203.0.113.1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await FromAsync(open, "203.0.113.2")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        }
        await using var behind = await store.StartAsync(Limited(new() { Anonymous = 1, BlockAfter = 0 }) with { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8")] });
        (await FromAsync(behind, "203.0.113.1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await FromAsync(behind, "203.0.113.2, 10.1.2.3")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await FromAsync(behind, "203.0.113.1, 10.1.2.3")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await FromAsync(behind, "198.51.100.9, 203.0.113.2")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests, "what a caller wrote before the proxy's own entry means nothing");
    }

    [Fact]
    public async Task pages_of_other_origins_may_not_read_answers_unless_listed()
    {
        await using (var closed = await store.StartAsync())
            (await AskAsync(closed, "/healthz", null, ("Origin", "https://app.example"))).Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        await using var open = await store.StartAsync(Limited(new() { Anonymous = 1 }) with { CorsOrigins = ["https://app.example"] });
        (await AskAsync(open, "/healthz", null, ("Origin", "https://evil.example"))).Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        await AskAsync(open, "/nowhere");
        using var refused = await AskAsync(open, "/nowhere", null, ("Origin", "https://app.example"));
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["https://app.example"], "a page must be able to read why");
        using var http = new HttpClient();
        using var preflight = new HttpRequestMessage(HttpMethod.Options, new Uri(open.Address, "/ratings"));
        preflight.Headers.Add("Origin", "https://app.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,idempotency-key");
        using var allowed = await http.SendAsync(preflight);
        allowed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        allowed.Headers.GetValues("Access-Control-Allow-Headers").Single().ShouldContain("Authorization", Case.Insensitive);
        allowed.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
    }

    [Fact]
    public async Task the_channel_of_a_slate_is_for_services_to_say()
    {
        await using var node = await store.StartAsync();
        (await AskAsync(node, "/recommend/ann", Token("ann", "user"), ("X-Recs-Channel", "probe"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await AskAsync(node, "/recommend/ann", null, ("X-Recs-Channel", "probe"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await AskAsync(node, "/recommend/ann", Token("prober", "service"), ("X-Recs-Channel", "probe"))).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, "let in, and no model is there");
    }

    [Fact]
    public async Task in_demo_mode_whoever_sends_no_token_may_do_everything_and_a_bad_token_is_bad_still()
    {
        await using var node = await store.StartAsync(demo: true);
        (await AskAsync(node, $"/provenance/{Guid.Empty:N}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await AskAsync(node, $"/provenance/{Guid.Empty:N}", "no.good.token")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task without_any_key_even_a_well_made_token_is_refused_and_readyz_says_what_is_missing()
    {
        await using var node = await store.StartAsync(new SecurityOptions { Limits = SecuredStore.NoLimits });
        using var refused = await AskAsync(node, "/healthz", Token("operator", "admin"));
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("no key");
        (await (await AskAsync(node, "/readyz")).Content.ReadAsStringAsync()).ShouldContain("No key to check tokens with");
    }
}
