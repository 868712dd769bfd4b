using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Recs.Host.Composition;
using Recs.Host.Listening;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Securing;

/// <summary>
/// Walks the OpenAPI document of a running service: whatever is not named here as open refuses callers without a token, with a bad one, and with one that does
/// not give the right. A route that is added later is found by itself.
/// </summary>
public sealed partial class EveryRouteTests(SecuredStore store) : IClassFixture<SecuredStore>, IAsyncLifetime, IDisposable
{
    /// <summary>Routes that answer without a token, by decision. Everything else is closed.</summary>
    private static readonly string[] Open =
    [
        "GET /recommend/{userId}", "GET /movies", "GET /movies/{movieId}", "GET /movies/{movieId}/similar", "GET /popular", "GET /healthz", "GET /readyz", "GET /metrics",
        "GET /schemas", "GET /schemas/{topic}",
    ];

    /// <summary>Routes that show nobody's data and are no business of the whole world either: any token will do.</summary>
    private static readonly string[] AnyCaller =
    [
        "GET /models", "GET /models/{version}", "GET /models/history", "GET /leaderboard", "GET /training", "GET /training/{id}", "GET /training/{id}/progress",
    ];

    /// <summary>Routes that the document does not list: the way to it, and what the framework maps.</summary>
    private static readonly string[] Undocumented = ["GET /", "GET /openapi/v1.json"];

    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private RecsNode node = null!;
    private HttpClient http = null!;
    private List<Route> routes = null!;
    private JsonElement document;

    /// <summary>A route of the document, and a request to it that is good but for who sends it.</summary>
    private sealed record Route(string Method, string Template, string Path, string? MediaType, byte[] Body, bool IsAdmin)
    {
        public string Name => $"{Method} {Template}";
    }

    public async Task InitializeAsync()
    {
        node = await store.StartAsync(roles: Roles.All);
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = node.Address };
        document = JsonDocument.Parse(await http.GetStringAsync("/openapi/v1.json")).RootElement;
        routes = [.. Routes(document)];
    }

    public Task DisposeAsync() => node.DisposeAsync().AsTask();

    public void Dispose() => http.Dispose();

    [Fact]
    public void the_document_lists_every_route_of_the_service()
    {
        var mapped = node.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => $"{method} /{Constraint().Replace(e.RoutePattern.RawText!.Trim('/'), "}")}"));
        mapped.Except(routes.Select(r => r.Name)).Except(Undocumented).ShouldBeEmpty();
    }

    [Fact]
    public void the_document_says_what_a_bare_model_is_and_what_a_predicted_rating_is()
    {
        document.GetProperty("components").GetProperty("schemas").GetProperty("SlateItem").GetProperty("properties").GetProperty("predictedRating").GetProperty("description").GetString()!
            .ShouldContain("stars that the person is expected to give");
        foreach (var path in new[] { "/recommend/{userId}", "/movies/{movieId}/similar" })
            document.GetProperty("paths").GetProperty(path).GetProperty("get").GetProperty("parameters").EnumerateArray()
                .Single(p => p.GetProperty("name").GetString() == "model").GetProperty("description").GetString()!.ShouldContain("its version in production or else its newest");
    }

    [Fact]
    public void the_document_begins_with_slates_and_says_what_each_chapter_is_about()
    {
        var chapters = document.GetProperty("tags").EnumerateArray().ToList();
        (chapters[0].GetProperty("name").GetString(), chapters[^1].GetProperty("name").GetString()).ShouldBe(("Queries", "Monitoring"));
        chapters.ShouldAllBe(chapter => chapter.GetProperty("description").GetString()!.Length > 0);
    }

    [Fact]
    public void the_document_tells_of_the_id_that_every_answer_has()
        => (from path in document.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            from response in operation.Value.GetProperty("responses").EnumerateObject()
            where !response.Value.TryGetProperty("headers", out var headers) || !headers.TryGetProperty("X-Request-Id", out _)
            select $"{operation.Name} {path.Name} {response.Name}").ShouldBeEmpty();

    [Fact]
    public Task nothing_that_is_not_open_answers_without_a_token()
        => EachAsync(Closed(), null, answer => answer.StatusCode == HttpStatusCode.Unauthorized && answer.Headers.WwwAuthenticate.Any(w => w.Scheme == "Bearer") && IsProblem(answer));

    [Fact]
    public async Task no_route_at_all_answers_to_a_token_that_does_not_hold()
    {
        var claims = TestTokens.Claims(Now, "operator", "admin");
        var expired = new Dictionary<string, object?>(claims) { ["exp"] = Now.AddMinutes(-5).ToUnixTimeSeconds() };
        string[] bad =
        [
            "garbage", "a.b.c", TestTokens.Hs256(expired), TestTokens.Make(new { alg = "none" }, claims, _ => []),
            TestTokens.Hs256(claims, Encoding.ASCII.GetBytes("another secret, also long enough for HS256")),
        ];
        foreach (var token in bad)
            await EachAsync(routes, token, answer => answer.StatusCode == HttpStatusCode.Unauthorized
                && answer.Headers.WwwAuthenticate.ToString().Contains("invalid_token", StringComparison.Ordinal) && IsProblem(answer));
    }

    [Fact]
    public Task a_user_reaches_neither_what_is_another_users_nor_what_is_for_operators()
        => EachAsync(
            Closed().Where(r => !AnyCaller.Contains(r.Name)), TestTokens.Hs256(TestTokens.Claims(Now, "somebody-else", "user")),
            answer => answer.StatusCode == HttpStatusCode.Forbidden || RefusesEveryLine(answer));

    [Fact]
    public Task a_service_does_not_reach_what_is_for_operators()
        => EachAsync(routes.Where(r => r.IsAdmin), TestTokens.Hs256(TestTokens.Claims(Now, "program", "service")), answer => answer.StatusCode == HttpStatusCode.Forbidden);

    [Fact]
    public Task what_is_open_answers_without_a_token()
        => EachAsync(routes.Where(r => Open.Contains(r.Name)), null, answer => answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden));

    [Theory]
    [InlineData("explain=true")]
    [InlineData("asOf=1")]
    [InlineData("happenedBefore=2020-01-01T00:00:00Z")]
    public async Task what_an_open_route_tells_about_a_persons_past_is_for_that_person(string query)
    {
        var slate = new Route("GET", "/recommend/{userId}", $"/recommend/{SecuredStore.Owner}?{query}", null, [], IsAdmin: false);
        (await SendAsync(slate, null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(slate, TestTokens.Hs256(TestTokens.Claims(Now, "somebody-else", "user")))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync(slate, TestTokens.Hs256(TestTokens.Claims(Now, SecuredStore.Owner, "user")))).StatusCode.ShouldNotBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden);
    }

    private IEnumerable<Route> Closed() => routes.Where(r => !Open.Contains(r.Name));

    private async Task EachAsync(IEnumerable<Route> routes, string? token, Func<HttpResponseMessage, bool> holds)
    {
        List<string> failed = [];
        foreach (var route in routes)
        {
            using var answer = await SendAsync(route, token);
            if (!holds(answer))
                failed.Add($"{route.Name} answered {(int)answer.StatusCode} {answer.Content.Headers.ContentType}");
        }
        failed.ShouldBeEmpty();
    }

    private static bool IsProblem(HttpResponseMessage answer) => answer.Content.Headers.ContentType?.MediaType == "application/problem+json";

    /// <summary>A batch answers each of its lines.</summary>
    private static bool RefusesEveryLine(HttpResponseMessage answer)
    {
        if (answer.StatusCode != HttpStatusCode.MultiStatus)
            return false;
        using var lines = new StreamReader(answer.Content.ReadAsStream());
        return lines.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).All(line => JsonDocument.Parse(line).RootElement.GetProperty("status").GetInt32() == 403);
    }

    private async Task<HttpResponseMessage> SendAsync(Route route, string? token)
    {
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), route.Path)
        {
            Content = route.MediaType is { } type ? new ByteArrayContent(route.Body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } } : null,
        };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private IEnumerable<Route> Routes(JsonElement document)
    {
        var admin = node.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.OfType<Microsoft.AspNetCore.Authorization.IAuthorizeData>().Any(a => a.Policy == Contracts.Callers.AccessPolicies.Admin))
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => $"{m} {e.RoutePattern.RawText}")).ToHashSet();
        foreach (var path in document.GetProperty("paths").EnumerateObject())
            foreach (var operation in path.Value.EnumerateObject())
            {
                var method = operation.Name.ToUpperInvariant();
                var (type, body) = BodyOf(operation.Value, document);
                yield return new(method, path.Name, PathOf(path.Name) + QueryOf(operation.Value), type, body, admin.Contains($"{method} {path.Name}"));
            }
    }

    private string PathOf(string template) => Parameter().Replace(template, match => match.Groups[1].Value switch
    {
        "userId" => SecuredStore.Owner,
        "movieId" => SecuredStore.Movie,
        "requestId" => store.Request.ToString("N"),
        "version" => "popularity-v0.1",
        "id" => Guid.Empty.ToString(),
        _ => "1",
    });

    /// <summary>Only what must be there.</summary>
    private static string QueryOf(JsonElement operation)
    {
        if (!operation.TryGetProperty("parameters", out var parameters))
            return "";
        var required = parameters.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "query" && p.TryGetProperty("required", out var r) && r.GetBoolean())
            .Select(p => $"{p.GetProperty("name").GetString()}={Value(p.GetProperty("name").GetString()!)}").ToList();
        return required.Count == 0 ? "" : "?" + string.Join('&', required);
    }

    private static (string? MediaType, byte[] Body) BodyOf(JsonElement operation, JsonElement document)
    {
        if (!operation.TryGetProperty("requestBody", out var body))
            return (null, []);
        var content = body.GetProperty("content").EnumerateObject().First();
        var schema = content.Value.TryGetProperty("schema", out var given) ? given : default;
        if (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var reference))
            schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        var fields = !content.Name.Contains("ndjson", StringComparison.Ordinal) && schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out var properties)
            ? properties.EnumerateObject().Select(p => p.Name).Where(name => Value(name) is not null).ToDictionary(name => name, Value)
            : new Dictionary<string, object?> { ["type"] = "rating", ["userId"] = SecuredStore.Owner, ["movieId"] = SecuredStore.Movie, ["rating"] = 4 };
        return (content.Name, JsonSerializer.SerializeToUtf8Bytes(fields));
    }

    /// <summary>Values by the field's own name, the same all over the API.</summary>
    private static object? Value(string name) => name switch
    {
        "userId" or "id" => SecuredStore.Owner,
        "movieId" => SecuredStore.Movie,
        "rating" => 4,
        "minute" => 1,
        "model" or "name" => "popularity",
        "title" => "A film",
        "genres" => new[] { "Drama" },
        "reason" => "test",
        _ => null,
    };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"[:?*][^}]*\}")]
    private static partial Regex Constraint();
}
