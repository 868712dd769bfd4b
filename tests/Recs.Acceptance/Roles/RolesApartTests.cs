using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Recs.Acceptance.Running;
using Shouldly;
using Xunit;

namespace Recs.Acceptance.Roles;

public class RolesApartTests(RolesApart nodes) : IClassFixture<RolesApart>
{
    [Fact]
    public async Task A_rating_on_the_commands_node_shapes_the_next_slate_of_the_query_nodes_and_the_read_model_of_the_projections_node()
    {
        var sequence = await RateAsync("newcomer", "1");
        foreach (var node in new[] { nodes.Queries, nodes.OtherQueries })
        {
            var slate = await node.Http.GetFromJsonAsync<JsonElement>($"/recommend/newcomer?k=100&minSequence={sequence}");
            slate.GetProperty("personalized").GetBoolean().ShouldBeTrue();
            slate.GetProperty("items").EnumerateArray().ShouldNotContain(i => i.GetProperty("movieId").GetString() == "1");
        }
        await Soon.HappensAsync("the read model", async () => await nodes.Recs.SqlAsync("select count(*) from read.user_history where user_id = 'newcomer'") == 1);
    }

    [Fact]
    public async Task Two_query_nodes_serve_the_same_slate_for_the_same_log()
    {
        var sequence = await RateAsync("twin", "2");
        var (one, other) = (await SlateAsync(nodes.Queries, "twin", sequence), await SlateAsync(nodes.OtherQueries, "twin", sequence));
        one.ShouldBe(other);
    }

    [Theory]
    [InlineData("commands", "GET", "/recommend/1", "queries")]
    [InlineData("commands", "GET", "/provenance/00000000000000000000000000000000", "queries")]
    [InlineData("queries", "POST", "/ratings", "commands")]
    [InlineData("projections", "GET", "/recommend/1", "queries")]
    [InlineData("training", "POST", "/watches", "commands")]
    public async Task A_route_of_another_role_answers_404_and_says_which_role_has_it(string node, string method, string path, string role)
    {
        using var response = await Node(node).Http.SendAsync(new(new(method), path));
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("role").GetString().ShouldBe(role);
        problem.GetProperty("detail").GetString()!.ShouldContain($"recs up --roles {role}");
    }

    [Theory]
    [InlineData("commands", new[] { "database" })]
    [InlineData("queries", new[] { "database", "log", "model", "recording" })]
    [InlineData("projections", new[] { "database", "projections" })]
    public async Task Readiness_is_that_of_the_roles(string node, string[] checks)
    {
        var ready = await Node(node).Http.GetFromJsonAsync<JsonElement>("/readyz");
        ready.GetProperty("roles").EnumerateArray().Select(r => r.GetString()).ShouldBe([node]);
        var named = ready.GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("name").GetString()!).ToList();
        checks.ShouldBeSubsetOf(named);
        named.Where(name => name is "log" or "model" or "recording" or "projections").Except(checks).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_query_node_that_is_killed_under_load_costs_the_other_no_request_and_comes_back_with_the_same_slates()
    {
        using var end = new CancellationTokenSource();
        ConcurrentBag<string> failures = [];
        var answered = 0;
        var load = Enumerable.Range(0, 4).Select(async caller =>
        {
            for (var i = 0; !end.IsCancellationRequested; i++)
            {
                using var response = await nodes.Queries.Http.GetAsync($"/recommend/{caller * 50 + i % 50 + 1}?k=10");
                if (response.StatusCode == HttpStatusCode.OK)
                    Interlocked.Increment(ref answered);
                else
                    failures.Add($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
            }
        }).ToArray();
        var both = load.Append(LoadUntilItDiesAsync(nodes.OtherQueries.Http)).ToArray();
        await Soon.HappensAsync("load", () => Volatile.Read(ref answered) > 50);
        await nodes.OtherQueries.KillAsync();
        var atDeath = Volatile.Read(ref answered);
        nodes.OtherQueries = await nodes.Start("queries");
        await Soon.HappensAsync("load after the death", () => Volatile.Read(ref answered) > atDeath + 50);
        await end.CancelAsync();
        await Task.WhenAll(both);
        failures.ShouldBeEmpty();
        var sequence = await RateAsync("returned", "3");
        foreach (var user in new[] { "returned", "1", "2" })
            (await SlateAsync(nodes.OtherQueries, user, sequence)).ShouldBe(await SlateAsync(nodes.Queries, user, sequence));
    }

    private static async Task LoadUntilItDiesAsync(HttpClient http)
    {
        try
        {
            while (true)
                (await http.GetAsync("/recommend/1?k=10")).EnsureSuccessStatusCode();
        }
        catch (HttpRequestException)
        {
            // it was killed, as it should be
        }
    }

    private RunningService Node(string role) => role switch
    {
        "commands" => nodes.Commands,
        "queries" => nodes.Queries,
        "projections" => nodes.Projections,
        _ => nodes.Training,
    };

    private async Task<long> RateAsync(string user, string movie)
    {
        using var response = await nodes.Commands.Http.PostAsJsonAsync("/ratings", new { userId = user, movieId = movie, rating = 4.5 });
        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return long.Parse(response.Headers.GetValues("X-Recs-Sequence").First(), CultureInfo.InvariantCulture);
    }

    /// <summary>Movies and scores, which must be equal bit for bit.</summary>
    private static async Task<string> SlateAsync(RunningService node, string user, long sequence)
        => (await node.Http.GetFromJsonAsync<JsonElement>($"/recommend/{user}?k=20&minSequence={sequence}")).GetProperty("items").GetRawText();
}
