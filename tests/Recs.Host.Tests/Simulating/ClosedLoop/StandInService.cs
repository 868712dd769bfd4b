using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Recs.Host.Tests.Simulating.ClosedLoop;

/// <summary>A service that stores nothing and writes down what each person asked of it. Whom it recommends what depends on how much they have told it.</summary>
internal sealed partial class StandInService : IAsyncDisposable
{
    private const int Movies = 300;
    private readonly WebApplication app;
    private readonly Func<HttpContext, Task<bool>> meddle;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> requests = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> facts = new(StringComparer.Ordinal);
    private long sequence;

    private StandInService(Func<HttpContext, Task<bool>> meddle)
    {
        this.meddle = meddle;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Use(async (http, next) =>
        {
            if (!await this.meddle(http)) await next(http);
        });
        app.MapGet("/readyz", () => new { status = "ready", clock = new { simulated = true, now = "2020-02-02T20:00:00Z", speed = 1.0 } });
        app.MapGet("/users", () => new { });
        app.MapGet("/movies", (int k, string? q) => new { items = q is null ? Page(0, Movies) : [Movie(int.Parse(q[5..], CultureInfo.InvariantCulture))], nextSkip = (int?)null, throughSequence = 0 });
        app.MapGet("/popular", (int k) => new { window = "7d", items = Page(0, k), throughSequence = 0 });
        app.MapGet("/recommend/{user}", Recommend);
        foreach (var route in new[] { "opens", "watches", "ratings", "events" }) app.MapPost("/" + route, (HttpContext http, CancellationToken _) => StoreAsync(http, route));
    }

    /// <summary>Where it listens.</summary>
    public string Url => app.Urls.First();

    /// <summary>Keys of idempotency that came, with how often.</summary>
    public ConcurrentDictionary<string, int> Keys { get; } = new(StringComparer.Ordinal);

    /// <summary>What each person asked and told, in order, without what is a matter of time.</summary>
    public IReadOnlyDictionary<string, string[]> Requests => requests.ToDictionary(r => r.Key, r => r.Value.ToArray());

    /// <summary>Starts it.</summary>
    /// <param name="meddle">Sees each request first; true if it has answered.</param>
    public static async Task<StandInService> StartAsync(Func<HttpContext, Task<bool>>? meddle = null)
    {
        var service = new StandInService(meddle ?? (_ => Task.FromResult(false)));
        await service.app.StartAsync();
        return service;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private object Recommend(HttpContext http, string user, int k)
    {
        Note(user, $"{http.Request.Headers["X-Recs-Channel"]} /recommend k={k}");
        return new
        {
            requestId = Guid.NewGuid().ToString("N"),
            userId = user,
            items = Page(facts.GetValueOrDefault(user) * 7 % Movies, k),
            model = "m",
            modelVersion = "m-v0.1",
            assignments = Array.Empty<string>(),
            personalized = true,
            userVersion = 0,
            throughSequence = 0,
            recorded = true,
            servedAt = DateTimeOffset.UtcNow,
        };
    }

    private async Task<IResult> StoreAsync(HttpContext http, string route)
    {
        var body = await new StreamReader(http.Request.Body).ReadToEndAsync();
        Keys.AddOrUpdate(http.Request.Headers["Idempotency-Key"].ToString(), 1, (_, count) => count + 1);
        var user = JsonNode.Parse(body.Split('\n')[0])!["userId"]!.GetValue<string>();
        Note(user, $"/{route} {WithoutTime().Replace(body, "")}");
        facts.AddOrUpdate(user, 1, (_, count) => count + 1);
        http.Response.Headers["X-Recs-Sequence"] = $"{Interlocked.Increment(ref sequence)}";
        if (route != "events") return Results.StatusCode(201);
        var lines = body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((_, i) => $$"""{"line":{{i + 1}},"status":201}""");
        return Results.Text(string.Join('\n', lines), "application/x-ndjson", statusCode: 207);
    }

    private void Note(string user, string request) => requests.GetOrAdd(user, _ => new()).Enqueue(request);

    private static object[] Page(int from, int count) => [.. Enumerable.Range(from, count).Select(i => Movie(i % Movies))];

    private static object Movie(int i) => new
    {
        movieId = $"m{i}",
        title = $"Film {i}",
        year = 1950 + (i % 60),
        genres = new[] { i % 3 == 0 ? "Comedy" : "Drama" },
        adult = false,
        events = 1000 - i,
        matchedBy = "any",
        ratings = 1,
        minutes = 1,
        opens = 1,
        score = 1.0,
        reasons = Array.Empty<string>(),
    };

    [GeneratedRegex("\"(at|requestId)\":\"[^\"]*\"")]
    private static partial Regex WithoutTime();
}
