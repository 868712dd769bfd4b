using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Recs.Contracts;
using Recs.Contracts.Callers;
using Recs.Contracts.Movies;
using Recs.Contracts.Recommendations;
using Recs.Contracts.Registry;
using Recs.Contracts.Users;
using Recs.EventStore;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;
using Recs.EventStore.Following;
using Recs.EventStore.Projecting;
using Recs.EventStore.Reading;
using Recs.EventStore.Schema;
using Recs.Projections;
using Recs.Queries.Models;
using Recs.Queries.Provenance;
using Recs.Queries.Serving;
using Recs.Testing;
using Shouldly;
using Xunit;

namespace Recs.Queries.Tests.Reading;

/// <summary>The read routes over real HTTP, a real PostgreSQL, running projections and a small catalogue. Tests write about people and movies of their own.</summary>
public sealed class ReadingService : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly EventStoreOptions _options = new();
    public EventTypes Types { get; } = new EventTypes()
        .Map(EventAliases.MovieRated, EventJson.Default.MovieRated).Map(EventAliases.MovieWatched, EventJson.Default.MovieWatched)
        .Map(EventAliases.MovieOpened, EventJson.Default.MovieOpened).Map(EventAliases.UserErased, EventJson.Default.UserErased)
        .Map(EventAliases.MovieAdded, EventJson.Default.MovieAdded).Map(EventAliases.MovieChanged, EventJson.Default.MovieChanged)
        .Map(EventAliases.RecommendationServed, EventJson.Default.RecommendationServed).Map(EventAliases.ModelTrained, EventJson.Default.ModelTrained)
        .Map(EventAliases.ModelPromoted, EventJson.Default.ModelPromoted);

    private HighWaterMark Mark { get; set; } = null!;
    private EventAppender Appender { get; set; } = null!;
    private ProjectionDaemon Daemon { get; set; } = null!;
    private WebApplication App { get; set; } = null!;
    public TestDatabase Database { get; private set; } = null!;
    public HttpClient Http { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync();
        await SchemaMigrations.ApplyAsync(Database.Source, _options, [typeof(EventStoreOptions).Assembly, typeof(RecsProjections).Assembly]);
        Appender = new(Database.Source, _options);
        Mark = new(Database.Source, _options);
        Appender.Appended += Mark.Nudge;
        await SeedAsync();
        await Mark.StartAsync();
        Daemon = new(Database.Source, _options, Types, Mark, RecsProjections.All);
        await Daemon.StartAsync();

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton(Database.Source).AddSingleton(_options).AddSingleton(Types).AddSingleton(new EventReader(Database.Source, _options, Types))
            .AddSingleton(Appender).AddSingleton(TimeProvider.System).AddSingleton(Mark).AddSingleton<LogSubscription>().AddSingleton(new ServingOptions { Record = false })
            .AddSingleton(new ServingBuild("rev", false, null, null))
            .AddQuerySide().AddSingleton<OpenScorer>(_ => new NeighbourScorer()).AddAuthenticationCore();
        new AuthenticationBuilder(builder.Services).AddScheme<AuthenticationSchemeOptions, HeaderCaller>("test", null);
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(AccessPolicies.Caller, p => p.AddAuthenticationSchemes("test").RequireAuthenticatedUser())
            .AddPolicy(AccessPolicies.Trusted, p => p.AddAuthenticationSchemes("test").RequireClaim(Caller.RoleClaim, CallerRoles.Service, CallerRoles.Admin))
            .SetDefaultPolicy(new AuthorizationPolicyBuilder("test").RequireAuthenticatedUser().Build());
        builder.Services.AddWebEncoders();
        App = builder.Build();
        App.UseAuthorization();
        App.MapQuerySide();
        await App.StartAsync();
        await App.Services.GetRequiredService<LogFollower>().Ready;
        Http = new HttpClient { BaseAddress = new Uri(App.Urls.First()) };
    }

    private async Task SeedAsync()
    {
        await AddMovieAsync("matrix", "Matrix, The", 1999, "Action", "Sci-Fi");
        await AddMovieAsync("reloaded", "The Matrix Reloaded", 2003, "Action", "Sci-Fi");
        await AddMovieAsync("mat", "Mat", 1980, "Drama");
        await AddMovieAsync("amelie", "Amélie", 2001, "Comedy", "Romance");
        await AddMovieAsync("mash", "M*A*S*H", 1970, "Comedy", "War");
        await AddMovieAsync("list", "Schindler's List", 1993, "Drama", "War");
        await AddMovieAsync("night", "НОЧЬ", 1961, "Drama");
        await AddMovieAsync("toy2", "Toy Story 2", 1999, "Animation", "Comedy");
        await AddMovieAsync("toy", "Toy Story", 1995, "Animation", "Comedy");
        await AddMovieAsync("story", "Another Story of Toys", 1995, "Western");
        await AppendAsync(StreamIds.User("1"), new MovieRated("1", "toy", 5, Start.AddDays(-400)));
        await AppendAsync(StreamIds.User("2"), new MovieRated("2", "matrix", 4, Start.AddDays(-20)), new MovieRated("2", "matrix", 3, Start.AddDays(-3)), new MovieRated("2", "amelie", 2, Start));
        await TrainAsync("neighbours", promote: true);
        await TrainAsync("popularity", promote: false);
    }

    public Task<long> AddMovieAsync(string id, string title, int? year, params string[] genres) => AppendAsync(StreamIds.Movie(id), new MovieAdded(id, title, year, genres));

    public async Task TrainAsync(string model, bool promote, int number = 1)
    {
        var version = $"{model}-v0.{number}";
        await AppendAsync(StreamIds.Model(model), new ModelTrained("t", model, version, "hash", "s1", "sha", 1, new Dictionary<string, string>(), 1, 1, "rev", false, [], 1, 1, Start));
        if (promote)
            await AppendAsync(StreamIds.Model(model), new ModelPromoted(model, version, null, "tests", "best", Start));
    }

    public Task<long> ServeAsync(string user, DateTimeOffset at, params string[] items) => AppendAsync(StreamIds.Recommendations(user), new RecommendationServed(
        Guid.NewGuid().ToString("N"), user, items.Length, items, [.. items.Select((_, i) => 1f / (i + 1))], "neighbours", "neighbours-v0.1", 1, "live", true, null, 1, "0", 1, 1, new(1), 1, at));

    /// <summary>Appends what a foreign writer may have written.</summary>
    public async Task<long> AppendRawAsync(string stream, string type, string json)
        => (await Appender.AppendAsync(AppendRequest.One(stream, new NewEvent(Guid.NewGuid(), type, System.Text.Encoding.UTF8.GetBytes(json))))).LastSequence;

    public async Task<long> AppendAsync(string stream, params object[] bodies) => (await Appender.AppendAsync(
        new([new(stream, ExpectedVersion.Any, [.. bodies.Select(b => (NewEvent)Types.Encode(Guid.NewGuid(), (dynamic)b))])]))).LastSequence;

    /// <summary>Asks as somebody: <c>"7;user"</c>, <c>"import;service"</c>, or nobody.</summary>
    public async Task<HttpResponseMessage> AskAsync(string path, string? caller = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (caller is not null)
            request.Headers.Add(HeaderCaller.Header, caller);
        return await Http.SendAsync(request);
    }

    /// <summary>The JSON of an answer that must be 200.</summary>
    public async Task<JsonElement> GetAsync(string path, string? caller = null)
    {
        using var response = await AskAsync(path, caller);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>A property of each item, in order.</summary>
    public async Task<string[]> ItemsAsync(string path, string property = "movieId", string? caller = null)
        => [.. (await GetAsync(path, caller)).GetProperty("items").EnumerateArray().Select(i => i.GetProperty(property).ToString())];

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        await Daemon.DisposeAsync();
        await Appender.DisposeAsync();
        await Mark.DisposeAsync();
        await Database.DisposeAsync();
    }

    private sealed class HeaderCaller(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        public const string Header = "X-Test-Caller";

        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers[Header].ToString().Split(';') is not [var subject, var role])
                return Task.FromResult(AuthenticateResult.NoResult());
            var identity = new ClaimsIdentity([new(Caller.SubjectClaim, subject), new(Caller.RoleClaim, role)], "test");
            return Task.FromResult(AuthenticateResult.Success(new(new ClaimsPrincipal(identity), "test")));
        }
    }
}
