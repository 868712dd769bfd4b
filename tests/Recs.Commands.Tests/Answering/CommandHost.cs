using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Npgsql;
using Recs.Contracts;
using Recs.Contracts.Callers;
using Recs.EventStore;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;
using Recs.EventStore.Schema;
using Recs.Testing;

namespace Recs.Commands.Tests.Answering;

/// <summary>The write side on a socket of its own over a database of its own, with the movies <c>1</c> to <c>9</c>. The caller is named by the header <c>Authorization: Test subject role</c>.</summary>
public sealed class CommandHost : IAsyncLifetime
{
    private readonly AdjustableClock _clock = new();
    private TestDatabase _database = null!;
    private WebApplication _app = null!;

    public HttpClient Http { get; private set; } = null!;

    public NpgsqlDataSource Source => _database.Source;

    /// <summary>Moves the service's clock.</summary>
    public void Pass(TimeSpan time) => _clock.Offset += time;

    public IServiceProvider Services => _app.Services;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        var options = new EventStoreOptions { Clock = _clock, WallClock = _clock };
        await SchemaMigrations.ApplyAsync(Source, options, [typeof(EventStoreOptions).Assembly, typeof(CommandSide).Assembly]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 5 * 1024 * 1024);
        var types = Types();
        builder.Services.AddSingleton(Source).AddSingleton(options).AddSingleton<TimeProvider>(_clock).AddSingleton(types)
            .AddSingleton(new EventReader(Source, options, types)).AddSingleton(_ => new EventAppender(Source, options)).AddCommandSide();
        builder.Services.AddAuthentication("Test").AddScheme<AuthenticationSchemeOptions, NamedCaller>("Test", null);
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(AccessPolicies.Caller, p => p.RequireAuthenticatedUser())
            .AddPolicy(AccessPolicies.Trusted, p => p.RequireClaim(Caller.RoleClaim, CallerRoles.Service, CallerRoles.Admin));
        _app = builder.Build();
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.MapCommandSide();
        await _app.StartAsync();
        Http = new() { BaseAddress = new Uri(_app.Urls.First()) };
        Http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Test tests service");
        for (var movie = 1; movie <= 9; movie++)
            (await SendAsync(HttpMethod.Post, "/movies", $$"""{"movieId":"{{movie}}","title":"Movie {{movie}}"}""")).Status.ShouldBe(201);
    }

    /// <summary>Sends a body.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="path">Route.</param>
    /// <param name="body">JSON, or lines of it.</param>
    /// <param name="key">Idempotency key.</param>
    /// <param name="caller">Subject and role.</param>
    public async Task<Answer> SendAsync(HttpMethod method, string path, string body, string? key = null, string? caller = null)
        => await SendAsync(method, path, Encoding.UTF8.GetBytes(body), key, caller);

    public async Task<Answer> SendAsync(HttpMethod method, string path, byte[] body, string? key = null, string? caller = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new(path == "/events" ? "application/x-ndjson" : "application/json");
        request.Headers.ExpectContinue = body.Length > 1 << 20; // a refusal comes before the body is sent
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key).ShouldBeTrue();
        if (caller is not null)
            request.Headers.TryAddWithoutValidation("Authorization", "Test " + caller).ShouldBeTrue();
        using var response = await Http.SendAsync(request);
        return new((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.ToDictionary(h => h.Key, h => string.Join(",", h.Value)));
    }

    public Task<Answer> PostAsync(string path, string body, string? key = null, string? caller = null) => SendAsync(HttpMethod.Post, path, body, key, caller);

    public async Task<long> CountAsync(string where)
    {
        await using var command = Source.CreateCommand($"select count(*) from recs.mt_events where {where}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Puts a slate into the log, as the query side does.</summary>
    public async Task<Guid> ServeAsync(string userId, params string[] movies)
    {
        var id = Guid.NewGuid();
        var body = JsonSerializer.SerializeToUtf8Bytes(new { RequestId = id.ToString("N"), UserId = userId, Items = movies });
        await Services.GetRequiredService<EventAppender>().AppendAsync(AppendRequest.One(StreamIds.Recommendations(userId), new(id, EventAliases.RecommendationServed, body)));
        return id;
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static EventTypes Types() => new EventTypes()
        .Map(EventAliases.UserRegistered, EventJson.Default.UserRegistered).Map(EventAliases.UserChanged, EventJson.Default.UserChanged)
        .Map(EventAliases.MovieWatched, EventJson.Default.MovieWatched).Map(EventAliases.MovieRated, EventJson.Default.MovieRated)
        .Map(EventAliases.MovieOpened, EventJson.Default.MovieOpened)
        .Map(EventAliases.MovieAdded, EventJson.Default.MovieAdded).Map(EventAliases.MovieChanged, EventJson.Default.MovieChanged);

    private sealed class AdjustableClock : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
    }

    private sealed class NamedCaller(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers.Authorization.ToString().Split(' ') is not ["Test", var subject, var role])
                return Task.FromResult(AuthenticateResult.NoResult());
            var identity = new ClaimsIdentity([new(Caller.SubjectClaim, subject), new(Caller.RoleClaim, role)], Scheme.Name);
            return Task.FromResult(AuthenticateResult.Success(new(new(identity), Scheme.Name)));
        }
    }
}

/// <summary>What a route answered.</summary>
public sealed record Answer(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public JsonElement[] Lines => [.. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    public int[] Statuses => [.. Lines.Select(line => line.GetProperty("status").GetInt32())];

    public long Sequence => long.Parse(Headers["X-Recs-Sequence"]);

    public bool Replayed => Headers.ContainsKey("Idempotent-Replayed");
}
