using System.Net;
using System.Text.Json;
using Recs.Acceptance.Running;
using Shouldly;
using Xunit;

namespace Recs.Acceptance;

/// <summary>Two query nodes over one log, and a third that answers nobody but its own callers.</summary>
public sealed class TwoNodes : IAsyncLifetime
{
    public RecsProgram Recs { get; private set; } = null!;
    public RunningService One { get; private set; } = null!;
    public RunningService Other { get; private set; } = null!;
    public RunningService Closed { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Recs = await RecsProgram.PreparedAsync();
        One = await Recs.ServeAsync("--demo", "on");
        Other = await Recs.ServeAsync("--demo", "on", "--roles", "queries");
        Closed = await Recs.ServeAsync("--roles", "queries", "--rerank", "dpp:0.4");
    }

    public async Task DisposeAsync()
    {
        await One.DisposeAsync();
        await Other.DisposeAsync();
        await Closed.DisposeAsync();
        await Recs.DisposeAsync();
    }
}

/// <summary>A slate is a function of the log position: whichever node answers, and whenever.</summary>
public class SlatesInTimeTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private static async Task<JsonElement> GetAsync(RunningService node, string path)
    {
        using var response = await node.Http.GetAsync(path);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<long> RateAsync(string user, string movie, DateTimeOffset? at = null)
    {
        using var response = await nodes.One.Http.PostAsJsonAsync("/ratings", new { userId = user, movieId = movie, rating = 4.5, at });
        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return long.Parse(response.Headers.GetValues("X-Recs-Sequence").First());
    }

    /// <summary>Movies and exact scores: what must be the same.</summary>
    private static string[] Scored(JsonElement slate)
        => [.. slate.GetProperty("items").EnumerateArray().Select(i => $"{i.GetProperty("movieId").GetString()} {i.GetProperty("score").GetRawText()}")];

    private static long Through(JsonElement slate) => slate.GetProperty("throughSequence").GetInt64();

    [Theory]
    [InlineData("k=30")]
    [InlineData("k=30&genre=comedy")]
    [InlineData("k=10&diversity=0.5")]
    [InlineData("k=10&rerank=dpp")]
    [InlineData("k=10&rerank=genre-calibrated&diversity=0.5")]
    [InlineData("k=10&rerank=popularity-calibrated&diversity=0.5")]
    [InlineData("k=10&genre=drama&diversity=0.9&exclude=1,2,3")]
    [InlineData("k=10&model=popularity")]
    public async Task The_same_position_gives_the_same_slate_on_every_node_and_at_any_later_time(string query)
    {
        var user = "11";
        var served = await GetAsync(nodes.One, $"/recommend/{user}?{query}");
        var seen = served.GetProperty("items")[0].GetProperty("movieId").GetString()!;
        var later = await RateAsync(user, seen);
        Scored(await GetAsync(nodes.Other, $"/recommend/{user}?{query}&minSequence={later}")).ShouldNotBe(Scored(served));
        foreach (var node in new[] { nodes.One, nodes.Other })
        {
            var again = await GetAsync(node, $"/recommend/{user}?{query}&asOf={Through(served)}");
            Scored(again).ShouldBe(Scored(served));
            (Through(again), again.GetProperty("userVersion").GetInt64(), again.GetProperty("recorded").GetBoolean())
                .ShouldBe((Through(served), served.GetProperty("userVersion").GetInt64(), false));
        }
    }

    [Fact]
    public async Task Two_nodes_that_have_read_as_far_give_the_same_slate()
    {
        var sequence = await RateAsync("13", "7");
        var (one, other) = (await GetAsync(nodes.One, $"/recommend/13?minSequence={sequence}"), await GetAsync(nodes.Other, $"/recommend/13?minSequence={sequence}"));
        Scored(one).ShouldBe(Scored(other));
    }

    [Fact]
    public async Task A_recorded_time_leads_to_the_position_that_it_had()
    {
        var served = await GetAsync(nodes.One, "/recommend/17?k=5");
        var at = DateTimeOffset.UtcNow;
        await RateAsync("17", served.GetProperty("items")[0].GetProperty("movieId").GetString()!);
        Scored(await GetAsync(nodes.Other, $"/recommend/17?k=5&asOf={at:yyyy-MM-ddTHH:mm:ss.ffffffZ}")).ShouldBe(Scored(served));
    }

    [Fact]
    public async Task A_slate_of_the_past_is_shown_and_not_recorded()
    {
        var served = await GetAsync(nodes.One, "/recommend/19");
        await GetAsync(nodes.One, $"/recommend/19?asOf={Through(served)}");
        await GetAsync(nodes.One, "/recommend/19?happenedBefore=2001-01-01");
        (await nodes.Recs.SqlAsync("select count(*) from recs.mt_events where stream_id = 'recommendations-19'")).ShouldBe(1);
    }

    [Fact]
    public async Task What_happened_later_is_left_out_whenever_it_was_recorded()
    {
        await RateAsync("late-news", "3", new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var sequence = await RateAsync("late-news", "5", new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var early = await GetAsync(nodes.One, $"/recommend/late-news?k=100&explain=true&happenedBefore=2000-06-01&minSequence={sequence}");
        early.GetProperty("items").EnumerateArray().SelectMany(i => i.GetProperty("reasons").EnumerateArray()).Select(r => r.GetProperty("movieId").GetString()).Distinct().ShouldBe(["5"]);
        (await GetAsync(nodes.One, $"/recommend/late-news?happenedBefore=1999-01-01&minSequence={sequence}")).GetProperty("fallback").GetString().ShouldBe("cold-start");
    }

    [Fact]
    public async Task Before_any_promotion_there_is_no_model_unless_one_is_named()
    {
        using var none = await nodes.One.Http.GetAsync("/recommend/1?asOf=1");
        none.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await none.Content.ReadAsStringAsync()).ShouldContain("No model was in production at log position 1");
        (await GetAsync(nodes.One, "/recommend/1?asOf=1&model=popularity-v0.1")).GetProperty("fallback").GetString().ShouldBe("cold-start");
    }

    [Fact]
    public async Task A_slate_says_why_and_the_shares_are_parts_of_one()
    {
        var slate = await GetAsync(nodes.One, "/recommend/23?k=100&explain=true");
        foreach (var item in slate.GetProperty("items").EnumerateArray())
        {
            var shares = item.GetProperty("reasons").EnumerateArray().Select(r => r.GetProperty("share").GetDouble()).ToArray();
            shares.ShouldBe(shares.OrderDescending());
            shares.Sum().ShouldBeInRange(0, 1.001);
        }
        var best = slate.GetProperty("items")[0].GetProperty("reasons")[0];
        (best.GetProperty("kind").GetString(), best.GetProperty("title").GetString()).ShouldBe(("rated", best.GetProperty("title").GetString()));
        (await nodes.Recs.SqlAsync($"select count(*) from recs.mt_events where stream_id = 'user-23' and data->>'MovieId' = '{best.GetProperty("movieId").GetString()}'")).ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("explain=true")]
    [InlineData("asOf=5")]
    [InlineData("happenedBefore=2001-01-01")]
    public async Task What_a_person_did_is_not_shown_to_just_anybody(string query)
    {
        using var response = await nodes.Closed.Http.GetAsync("/recommend/1?" + query);
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().ShouldStartWith("Bearer");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Theory]
    [InlineData("", """{"V": 3, "Weight": 0.4, "Reranker": "dpp"}""")]
    [InlineData("?diversity=0", """{"V": 1}""")]
    [InlineData("?diversity=0.5", """{"V": 2, "Diversity": 0.5}""")]
    public async Task A_node_s_own_re_ranker_is_for_those_who_ask_for_none(string query, string policy)
    {
        using var response = await nodes.Closed.Http.GetAsync("/recommend/31" + query);
        var id = response.Headers.GetValues("X-Recs-Request-Id").Single();
        (await nodes.Recs.SqlAsync($"select count(*) from recs.mt_events where id = '{id}' and data->'Policy' = '{policy}'::jsonb")).ShouldBe(1);
    }

    [Fact]
    public async Task Slates_of_every_policy_replay_and_tell_the_code_that_served_them()
    {
        var ids = new List<string>();
        foreach (var query in new[] { "k=20", "k=20&explain=true", "k=20&diversity=0.3", "k=50&diversity=1&genre=drama", "k=20&rerank=dpp", "k=100&rerank=genre-calibrated&diversity=0.8",
            "k=20&rerank=popularity-calibrated&diversity=1" })
            ids.Add((await GetAsync(nodes.Other, "/recommend/29?" + query)).GetProperty("requestId").GetString()!);
        foreach (var id in ids)
        {
            using var replay = await nodes.One.Http.PostAsync($"/provenance/{id}/replay", null);
            (await replay.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("verdict").GetString().ShouldBe("Identical");
        }
        var provenance = await GetAsync(nodes.One, "/provenance/" + ids[2]);
        provenance.GetProperty("slate").GetProperty("policy").GetProperty("v").GetInt32().ShouldBe(2);
        var chosen = (await GetAsync(nodes.Other, "/provenance/" + ids[4])).GetProperty("slate").GetProperty("policy");
        (chosen.GetProperty("v").GetInt32(), chosen.GetProperty("reranker").GetString(), chosen.GetProperty("weight").GetDouble()).ShouldBe((3, "dpp", 0.3));
        provenance.GetProperty("code").GetProperty("build").GetString().ShouldBe(provenance.GetProperty("slate").GetProperty("build").GetString());
        provenance.GetProperty("code").GetProperty("codeRevision").GetString().ShouldNotBeNullOrEmpty();
        (await nodes.Recs.SqlAsync("select count(*) from recs.mt_events where type = 'build_deployed'")).ShouldBe(1, "all nodes run the same build");
    }
}
