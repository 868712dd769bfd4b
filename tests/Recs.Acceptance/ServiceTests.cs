using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Recs.Acceptance.Running;
using Shouldly;
using Xunit;

namespace Recs.Acceptance;

/// <summary>One prepared service for the tests that only ask.</summary>
public sealed class PreparedService : IAsyncLifetime
{
    public RecsProgram Recs { get; private set; } = null!;
    public RunningService Demo { get; private set; } = null!;
    public RunningService Closed { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Recs = await RecsProgram.PreparedAsync();
        Demo = await Recs.ServeAsync("--demo", "on");
        Closed = await Recs.ServeAsync();
    }

    public async Task DisposeAsync()
    {
        await Demo.DisposeAsync();
        await Closed.DisposeAsync();
        await Recs.DisposeAsync();
    }
}

/// <summary>What the routes answer, over real HTTP from a real process.</summary>
public class ServiceTests(PreparedService prepared) : IClassFixture<PreparedService>
{
    private HttpClient Http => prepared.Demo.Http;

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static string[] Items(JsonElement slate) => [.. slate.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("movieId").GetString()!)];

    private async Task<long> SendAsync(string route, string body)
    {
        using var response = await Http.PostAsync(route, Json(body));
        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return long.Parse(response.Headers.GetValues("X-Recs-Sequence").First());
    }

    [Fact]
    public async Task A_slate_has_k_movies_and_says_where_it_comes_from()
    {
        using var response = await Http.GetAsync("/recommend/1?k=7");
        var slate = await response.Content.ReadFromJsonAsync<JsonElement>();
        Items(slate).Length.ShouldBe(7);
        slate.GetProperty("model").GetString().ShouldBe("linear-autoregression");
        slate.GetProperty("personalized").GetBoolean().ShouldBeTrue();
        slate.GetProperty("items")[0].GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        response.Headers.GetValues("X-Recs-Model-Version").ShouldBe(["linear-autoregression-v0.1"]);
        response.Headers.GetValues("X-Recs-Request-Id").ShouldBe([slate.GetProperty("requestId").GetString()!]);
        response.Headers.GetValues("X-Recs-Data-Snapshot").First().ShouldStartWith("s");
        response.Headers.GetValues("X-Recs-Code-Revision").First().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Plain_text_is_the_ids_in_one_line_and_nothing_else()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/recommend/1?k=3") { Headers = { Accept = { new MediaTypeWithQualityHeaderValue("text/plain") } } };
        using var response = await Http.SendAsync(request);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        (await response.Content.ReadAsStringAsync()).ShouldMatch(@"^\d+,\d+,\d+$");
    }

    [Fact]
    public async Task An_unknown_person_gets_a_cold_start_slate()
    {
        var slate = await GetAsync("/recommend/somebody-new");
        slate.GetProperty("personalized").GetBoolean().ShouldBeFalse();
        slate.GetProperty("fallback").GetString().ShouldBe("cold-start");
        Items(slate).Length.ShouldBe(20);
    }

    [Fact]
    public async Task A_person_known_by_age_and_gender_alone_is_answered_by_people_like_them_until_they_do_something()
    {
        using var described = await Http.PutAsJsonAsync("/users/newcomer", new { gender = "F", age = 27 });
        var sequence = described.EnsureSuccessStatusCode().Headers.GetValues("X-Recs-Sequence").Single();
        var slate = await GetAsync($"/recommend/newcomer?explain=true&minSequence={sequence}");
        (slate.GetProperty("personalized").GetBoolean(), slate.GetProperty("fallback").GetString()).ShouldBe((false, "demographic"));
        slate.GetProperty("items")[0].GetProperty("reasons")[0].GetProperty("kind").GetString().ShouldBe("demographic");
        (await GetAsync("/recommend/newcomer?model=popularity")).GetProperty("fallback").GetString().ShouldBe("demographic");
        using var replay = await Http.PostAsync($"/provenance/{slate.GetProperty("requestId").GetString()}/replay", null);
        (await replay.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("verdict").GetString().ShouldBe("Identical", StringCompareShould.IgnoreCase);

        var rated = await SendAsync("/ratings", $$"""{"userId":"newcomer","movieId":"{{Items(slate)[0]}}","rating":5}""");
        (await GetAsync($"/recommend/newcomer?minSequence={rated}")).GetProperty("personalized").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_excluded_seen_or_of_another_genre_is_left_out()
    {
        var all = Items(await GetAsync("/recommend/5?k=100"));
        Items(await GetAsync($"/recommend/5?k=50&exclude={all[0]},{all[1]}")).ShouldNotContain(id => id == all[0] || id == all[1]);
        var comedies = await GetAsync("/recommend/5?k=20&genre=comedy");
        comedies.GetProperty("items").EnumerateArray().ShouldAllBe(i => i.GetProperty("genres").EnumerateArray().Any(g => g.GetString() == "Comedy"));
        await SendAsync("/ratings", $$"""{"userId":"seen","movieId":"{{all[0]}}","rating":3}""");
        var sequence = await SendAsync("/watches", $$"""{"userId":"seen","movieId":"{{all[1]}}","minute":0}""");
        Items(await GetAsync($"/recommend/seen?k=100&minSequence={sequence}")).ShouldNotContain(id => id == all[0] || id == all[1]);
    }

    [Fact]
    public async Task A_rating_of_another_movie_changes_the_scores_and_the_order_of_the_rest()
    {
        var before = await GetAsync("/recommend/7?k=50");
        var elsewhere = Items(await GetAsync("/recommend/7?k=100"))[99];
        var sequence = await SendAsync("/ratings", $$"""{"userId":"7","movieId":"{{elsewhere}}","rating":5}""");
        var after = await GetAsync($"/recommend/7?k=50&minSequence={sequence}");
        after.GetProperty("throughSequence").GetInt64().ShouldBeGreaterThanOrEqualTo(sequence);
        Items(after).ShouldNotBe(Items(before));
        var old = before.GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("movieId").GetString()!, i => i.GetProperty("score").GetSingle());
        after.GetProperty("items").EnumerateArray().Where(i => old.ContainsKey(i.GetProperty("movieId").GetString()!))
            .ShouldContain(i => i.GetProperty("score").GetSingle() != old[i.GetProperty("movieId").GetString()!]);
    }

    [Fact]
    public async Task Popularity_is_served_when_asked_for()
        => (await GetAsync("/recommend/1?model=popularity")).GetProperty("modelVersion").GetString().ShouldBe("popularity-v0.1");

    [Fact]
    public async Task A_slate_has_a_provenance_and_replays()
    {
        var id = (await GetAsync("/recommend/9")).GetProperty("requestId").GetString();
        var provenance = await GetAsync($"/provenance/{id}");
        provenance.GetProperty("model").GetProperty("version").GetString().ShouldBe("linear-autoregression-v0.1");
        provenance.GetProperty("slate").GetProperty("userId").GetString().ShouldBe("9");
        using var replay = await Http.PostAsync($"/provenance/{id}/replay", null);
        (await replay.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("verdict").GetString().ShouldBe("Identical", StringCompareShould.IgnoreCase);
    }

    [Theory]
    [InlineData("/recommend/1?k=0", 400, "k")]
    [InlineData("/recommend/1?k=101", 400, "k")]
    [InlineData("/recommend/1?genre=Nonsense", 400, "genre")]
    [InlineData("/recommend/1?model=nonsense", 400, "model")]
    [InlineData("/recommend/1?typo=1", 400, "typo")]
    [InlineData("/recommend/no%20spaces", 400, "userId")]
    [InlineData("/recommend/1?minSequence=999999999&wait=0", 503, "999999999")]
    [InlineData("/provenance/nonsense", 400, "UUID")]
    [InlineData("/provenance/00000000000000000000000000000000", 404, "no slate")]
    [InlineData("/nowhere", 404, "")]
    public async Task A_bad_request_is_told_what_is_wrong(string path, int status, string named)
    {
        using var response = await Http.GetAsync(path);
        ((int)response.StatusCode).ShouldBe(status);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await response.Content.ReadAsStringAsync()).ShouldContain(named);
        if (status == 503)
            response.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("/ratings", """{"userId":"1","movieId":"1","rating":5.5}""", 422, "rating")]
    [InlineData("/ratings", """{"userId":"1","movieId":"1","rating":4.3}""", 422, "rating")]
    [InlineData("/ratings", """{"userId":"1","movieId":"1","rating":"high"}""", 422, "rating")]
    [InlineData("/ratings", """{"userId":"1","movieId":"1"}""", 422, "rating")]
    [InlineData("/ratings", """{"userId":"1","rating":4}""", 422, "movieId")]
    [InlineData("/ratings", """{"movieId":"1","rating":4}""", 422, "userId")]
    [InlineData("/ratings", """{"userId":"no spaces","movieId":"1","rating":4}""", 422, "userId")]
    [InlineData("/ratings", """{"userId":"1","movieId":"never-heard-of","rating":4}""", 422, "movieId")]
    [InlineData("/ratings", """{"userId":"1","movieId":"1","rating":4,"at":"yesterday"}""", 422, "at")]
    [InlineData("/ratings", """{"userId":"1","movieId":"1","rating":4,"at":"2999-01-01T00:00:00Z"}""", 422, "at")]
    [InlineData("/ratings", """{"userId":"1","movieId":"1","rating":4,"ratng":4}""", 422, "ratng")]
    [InlineData("/ratings", """{"userId":"1","userId":"2","movieId":"1","rating":4}""", 422, "userId")]
    [InlineData("/ratings", """{"userId":"1",""", 400, "JSON")]
    [InlineData("/ratings", "[]", 400, "JSON")]
    [InlineData("/ratings", "null", 400, "null")]
    [InlineData("/ratings", "", 400, "JSON")]
    [InlineData("/watches", """{"userId":"1","movieId":"1","minute":-1}""", 422, "minute")]
    [InlineData("/watches", """{"userId":"1","movieId":"1","minute":1.5}""", 422, "minute")]
    [InlineData("/watches", """{"userId":"1","movieId":"1"}""", 422, "minute")]
    public async Task A_bad_command_is_told_which_field_is_wrong_and_stores_nothing(string route, string body, int status, string named)
    {
        var before = await prepared.Recs.SqlAsync("select count(*) from recs.mt_events where stream_id = 'user-1'");
        using var response = await Http.PostAsync(route, Json(body));
        ((int)response.StatusCode).ShouldBe(status, await response.Content.ReadAsStringAsync());
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await response.Content.ReadAsStringAsync()).ShouldContain(named);
        (await prepared.Recs.SqlAsync("select count(*) from recs.mt_events where stream_id = 'user-1'")).ShouldBe(before);
    }

    [Fact]
    public async Task A_body_of_another_type_or_of_too_many_bytes_is_refused()
    {
        using var form = await Http.PostAsync("/ratings", new StringContent("userId=1", Encoding.UTF8, "text/plain"));
        form.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        using var vendor = await Http.PostAsync("/ratings", new StringContent("{}", Encoding.UTF8, "application/vnd.x+json"));
        vendor.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        using var utf16 = await Http.PostAsync("/ratings", new StringContent("{}", Encoding.Unicode, "application/json"));
        utf16.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        using var large = await Http.PostAsync("/ratings", Json($$"""{"userId":"{{new string('1', 100_000)}}"}"""));
        large.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task An_id_may_be_a_number_in_json()
        => (await SendAsync("/ratings", """{"userId":42,"movieId":1,"rating":4}""")).ShouldBeGreaterThan(0);

    [Fact]
    public async Task Without_demo_mode_writes_and_provenance_answer_401_and_reads_are_open()
    {
        var http = prepared.Closed.Http;
        (await http.PostAsync("/ratings", Json("""{"userId":"1","movieId":"1","rating":4}"""))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await http.PostAsync("/watches", Json("""{"userId":"1","movieId":"1","minute":4}"""))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await http.GetAsync($"/provenance/{Guid.Empty:N}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await http.GetAsync("/recommend/1")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await http.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var probe = new HttpRequestMessage(HttpMethod.Get, "/recommend/1") { Headers = { { "X-Recs-Channel", "probe" } } };
        (await http.SendAsync(probe)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task With_recording_off_nothing_is_appended_and_readyz_says_so()
    {
        await using var recs = await RecsProgram.PreparedAsync("popularity"); // a log of its own, in which nobody else writes
        await using var silent = await recs.ServeAsync("--record", "off");
        var before = await recs.SqlAsync("select max(seq_id) from recs.mt_events");
        (await silent.Http.GetAsync("/recommend/1")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await recs.SqlAsync("select max(seq_id) from recs.mt_events")).ShouldBe(before);
        (await silent.Http.GetStringAsync("/readyz")).ShouldContain("OFF: slates are not appended to the log");
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Host", "127.0.0.1:1")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task The_demo_refuses_pages_of_other_sites(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/ratings") { Content = Json("""{"userId":"1","movieId":"1","rating":4}""") };
        request.Headers.TryAddWithoutValidation(header, value).ShouldBeTrue();
        (await Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_service_says_how_it_is_and_what_it_offers()
    {
        (await GetAsync("/healthz")).GetProperty("modelVersion").GetString().ShouldBe("linear-autoregression-v0.1");
        (await GetAsync("/readyz")).GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("name").GetString())
            .ShouldBe(["database", "log", "model", "recording", "projections", "clock", "tokens"], ignoreOrder: true);
        var document = await GetAsync("/openapi/v1.json");
        document.GetProperty("openapi").GetString().ShouldStartWith("3.1");
        var paths = document.GetProperty("paths").EnumerateObject().Select(p => p.Name).ToList();
        new[] { "/ratings", "/watches", "/recommend/{userId}", "/provenance/{requestId}", "/provenance/{requestId}/replay", "/models/{version}/promote", "/training", "/healthz", "/metrics" }
            .ShouldBeSubsetOf(paths);
        (await Http.GetAsync("/swagger")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await GetAsync("/recommend/1");
        (await Http.GetStringAsync("/metrics")).ShouldContain("recs_recommendations_total{status=\"200\"");
    }
}
