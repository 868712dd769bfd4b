namespace Recs.Commands.Tests.Answering;

public sealed class FactTests(CommandHost host) : IClassFixture<CommandHost>
{
    [Theory]
    [InlineData("/ratings", """{"userId":"f1","movieId":"1","rating":3.5}""", "movie_rated")]
    [InlineData("/watches", """{"userId":"f1","movieId":2,"minute":12}""", "movie_watched")]
    [InlineData("/opens", """{"userId":"f1","movieId":"3"}""", "movie_opened")]
    public async Task A_fact_is_in_the_log_when_it_is_answered(string route, string body, string type)
    {
        var answer = await host.PostAsync(route, body);

        answer.Status.ShouldBe(201, answer.Text);
        answer.Json.GetProperty("sequence").GetInt64().ShouldBe(answer.Sequence);
        answer.Json.GetProperty("version").GetInt64().ToString().ShouldBe(answer.Headers["X-Recs-Stream-Version"]);
        (await host.CountAsync($"seq_id = {answer.Sequence} and type = '{type}' and stream_id = 'user-f1'")).ShouldBe(1);
    }

    [Theory]
    [InlineData("/ratings", """{"userId":"f2","movieId":"1","rating":4,"expectedVersion":7}""")]
    [InlineData("/watches", """{"userId":"f2","movieId":"1","minute":4,"expectedVersion":7}""")]
    [InlineData("/opens", """{"userId":"f2","movieId":"1","expectedVersion":7}""")]
    public async Task Another_version_than_the_expected_one_is_a_conflict_that_names_it(string route, string body)
    {
        var answer = await host.PostAsync(route, body);

        answer.Status.ShouldBe(409, answer.Text);
        answer.Json.GetProperty("expectedVersion").GetInt64().ShouldBe(7);
        answer.Json.GetProperty("actualVersion").GetInt64().ShouldBe(0);
        (await host.PostAsync(route, body.Replace("7}", "0}").Replace("f2", "f2" + route[1..]))).Status.ShouldBe(201);
    }

    [Theory]
    [InlineData("/ratings", """{"userId":"other","movieId":"1","rating":4}""")]
    [InlineData("/watches", """{"userId":"other","movieId":"1","minute":4}""")]
    [InlineData("/opens", """{"userId":"other","movieId":"1"}""")]
    public async Task A_user_states_only_its_own_facts(string route, string body)
    {
        (await host.PostAsync(route, body, caller: "own user")).Status.ShouldBe(403);
        (await host.PostAsync(route, body, caller: "")).Status.ShouldBe(401);
        (await host.CountAsync("stream_id = 'user-other'")).ShouldBe(0);
        (await host.PostAsync(route, body.Replace("other", "own"), caller: "own user")).Status.ShouldBe(201);
    }

    [Fact]
    public async Task An_open_belongs_to_the_slate_that_showed_the_movie()
    {
        var slate = await host.ServeAsync("f3", "1", "2");
        string Open(string user, string movie, object id) => $$"""{"userId":"{{user}}","movieId":"{{movie}}","requestId":"{{id}}"}""";

        (await host.PostAsync("/opens", Open("f3", "2", slate))).Status.ShouldBe(201);
        (await host.PostAsync("/opens", Open("f3", "2", slate.ToString("N")))).Status.ShouldBe(201);
        (await host.CountAsync($"stream_id = 'user-f3' and correlation_id = '{slate:N}' and data->>'RequestId' = '{slate:N}'")).ShouldBe(2);
        foreach (var wrong in new[] { Open("f3", "3", slate), Open("f4", "2", slate), Open("f3", "2", Guid.NewGuid()), Open("f3", "2", "click") })
        {
            var answer = await host.PostAsync("/opens", wrong);
            answer.Status.ShouldBe(422, wrong);
            answer.Json.GetProperty("errors").TryGetProperty("requestId", out _).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("""{"userId":"f5","movieId":"1","rating":4,"my rating":4}""", 422, "my rating")]
    [InlineData("""{"userId":"f5","movieId":"1","rating":1e999}""", 422, "rating")]
    [InlineData("{\"userId\":\"\\ud800\",\"movieId\":\"1\",\"rating\":4}", 422, "userId")]
    [InlineData("""{"userId":"f5","movieId":"1","rating":4,"expectedVersion":-1}""", 422, "expectedVersion")]
    [InlineData("""{"userId":"f5","movieId":"1","rating":4,"at":"0001-01-01T00:00:00+14:00"}""", 422, "at")]
    [InlineData("""{"userId":"f5","movieId":"1","rating":4} {}""", 400, "JSON")]
    [InlineData("\uFEFF{}", 400, "JSON")]
    public async Task A_bad_fact_is_told_which_field_is_wrong(string body, int status, string named)
    {
        var answer = await host.PostAsync("/ratings", body);

        answer.Status.ShouldBe(status, answer.Text);
        answer.Text.ShouldContain(named);
        (await host.CountAsync("stream_id = 'user-f5'")).ShouldBe(0);
    }
}
