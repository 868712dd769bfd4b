using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Recs.Acceptance.Running;
using Shouldly;
using Xunit;

namespace Recs.Acceptance;

/// <summary>Two nodes over one log with a model in production, one of them closed to callers without a token.</summary>
public sealed class ReadingNodes : IAsyncLifetime
{
    public RecsProgram Recs { get; private set; } = null!;
    public RunningService Demo { get; private set; } = null!;
    public RunningService Closed { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Recs = await RecsProgram.PreparedAsync();
        Demo = await Recs.ServeAsync("--demo", "on");
        Closed = await Recs.ServeAsync("--roles", "queries");
    }

    public async Task DisposeAsync()
    {
        await Demo.DisposeAsync();
        await Closed.DisposeAsync();
        await Recs.DisposeAsync();
    }
}

/// <summary>The read routes of real processes.</summary>
public class ReadingTests(ReadingNodes nodes) : IClassFixture<ReadingNodes>
{
    private static async Task<JsonElement> GetAsync(RunningService node, string path)
    {
        using var response = await node.Http.GetAsync(path);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<long> SendAsync(string route, object body)
    {
        using var response = await nodes.Demo.Http.PostAsJsonAsync(route, body);
        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return long.Parse(response.Headers.GetValues("X-Recs-Sequence").First());
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement answer) => answer.GetProperty("items").EnumerateArray();

    [Fact]
    public async Task A_movie_is_found_by_a_misspelt_title_and_leads_to_movies_like_it()
    {
        var movie = Items(await GetAsync(nodes.Demo, "/popular?window=all&k=1")).Single();
        var (id, title) = (movie.GetProperty("movieId").GetString()!, movie.GetProperty("title").GetString()!);
        var typed = title[..2] + title[3] + title[2] + title[4..]; // two letters swapped
        Items(await GetAsync(nodes.Demo, "/movies?q=" + Uri.EscapeDataString(typed))).Select(m => m.GetProperty("title").GetString()).ShouldContain(title);
        var page = await GetAsync(nodes.Demo, $"/movies/{id}");
        page.GetProperty("popularity")[0].GetProperty("events").GetInt64().ShouldBe(movie.GetProperty("events").GetInt64());
        var similar = await GetAsync(nodes.Demo, page.GetProperty("similar").GetString()!);
        (similar.GetProperty("by").GetString(), similar.GetProperty("modelVersion").GetString()).ShouldBe(("model", "linear-autoregression-v0.1"));
        Items(similar).Count().ShouldBe(20);
    }

    [Fact]
    public async Task Every_node_gives_the_same_open_answers_to_anybody()
    {
        foreach (var path in new[] { "/movies/1/similar?k=10", "/movies?q=garden", "/popular?window=30d&genre=drama", "/movies/7" })
        {
            Shown(await GetAsync(nodes.Demo, path)).ShouldBe(Shown(await GetAsync(nodes.Closed, path)));
        }
    }

    /// <summary>All but scores, which are exact for trusted callers alone.</summary>
    private static string Shown(JsonElement answer)
        => Regex.Replace((answer.TryGetProperty("items", out var items) ? items : answer.GetProperty("popularity")).GetRawText(), "\"score\":[^,}]+", "");

    [Fact]
    public async Task Likenesses_have_three_digits_for_callers_without_trust()
        => (await nodes.Closed.Http.GetStringAsync("/movies/1/similar?k=10")).ShouldNotMatch("\"score\":0\\.0*[1-9]\\d{3}");

    [Theory]
    [InlineData("/users")]
    [InlineData("/users/1/history")]
    [InlineData("/users/1/taste")]
    [InlineData("/users/1/slates")]
    public async Task Personal_answers_need_a_token(string path)
        => (await nodes.Closed.Http.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task What_a_person_did_after_a_slate_shows_in_it_at_once()
    {
        var slate = await GetAsync(nodes.Demo, "/recommend/reader?k=3");
        var movie = Items(slate).First().GetProperty("movieId").GetString()!;
        await SendAsync("/watches", new { userId = "reader", movieId = movie, minute = 0 });
        var sequence = await SendAsync("/ratings", new { userId = "reader", movieId = movie, rating = 4.5 });
        var served = Items(await GetAsync(nodes.Demo, $"/users/reader/slates?minSequence={sequence}")).First();
        served.GetProperty("requestId").GetString().ShouldBe(slate.GetProperty("requestId").GetString());
        var outcome = Items(served).First().GetProperty("outcome");
        (outcome.GetProperty("rating").GetDouble(), outcome.GetProperty("watchedMinutes").GetInt32()).ShouldBe((4.5, 1));
        Items(await GetAsync(nodes.Demo, $"/users/reader/history?minSequence={sequence}")).Select(e => e.GetProperty("kind").GetString()).ShouldBe(["rated", "watched"]);
        (await GetAsync(nodes.Demo, $"/users/reader/taste?minSequence={sequence}")).GetProperty("activity").GetProperty("meanRating").GetDouble().ShouldBe(4.5);
    }

    [Fact]
    public async Task The_document_types_every_parameter_of_the_reads()
    {
        var paths = (await GetAsync(nodes.Demo, "/openapi/v1.json")).GetProperty("paths");
        JsonElement Schema(string path, string parameter) => paths.GetProperty(path).GetProperty("get").GetProperty("parameters").EnumerateArray()
            .Single(p => p.GetProperty("name").GetString() == parameter).GetProperty("schema");
        Schema("/movies", "skip").GetProperty("maximum").GetInt32().ShouldBe(900);
        Schema("/users/{userId}/slates", "k").GetProperty("default").GetInt32().ShouldBe(10);
        Schema("/popular", "window").GetProperty("enum").EnumerateArray().Select(w => w.GetString()).ShouldBe(["1d", "7d", "30d", "all"]);
        Schema("/users/{userId}/history", "kind").GetProperty("enum").GetArrayLength().ShouldBe(3);
    }
}
