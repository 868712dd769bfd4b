using Recs.Commands.Repeating;

namespace Recs.Commands.Tests.Answering;

public sealed class RepeatedRequestTests(CommandHost host) : IClassFixture<CommandHost>
{
    private const string Rating = """{"userId":"r1","movieId":"1","rating":4}""";

    [Fact]
    public async Task The_same_body_gets_the_first_answer_again_and_is_stored_once()
    {
        var first = await host.PostAsync("/ratings", Rating.Replace("r1", "same"), "k");
        var again = await host.PostAsync("/ratings", Rating.Replace("r1", "same"), "k");

        (first.Status, first.Replayed).ShouldBe((201, false));
        (again.Status, again.Text, again.Sequence, again.Replayed).ShouldBe((201, first.Text, first.Sequence, true));
        again.Headers["X-Recs-Stream-Version"].ShouldBe("1");
        (await host.CountAsync("stream_id = 'user-same'")).ShouldBe(1);
    }

    [Fact]
    public async Task Another_body_under_the_same_key_is_refused()
    {
        (await host.PostAsync("/ratings", Rating, "other-body")).Status.ShouldBe(201);
        (await host.PostAsync("/ratings", Rating.Replace("4}", "5}"), "other-body")).Status.ShouldBe(422);
    }

    [Fact]
    public async Task A_key_counts_per_caller_and_route()
    {
        (await host.PostAsync("/ratings", Rating, "scope")).Replayed.ShouldBeFalse();
        (await host.PostAsync("/ratings", Rating, "scope", "somebody service")).Replayed.ShouldBeFalse();
        (await host.PostAsync("/watches", """{"userId":"r1","movieId":"1","minute":1}""", "scope")).Replayed.ShouldBeFalse();
    }

    [Theory]
    [InlineData("/ratings", """{"userId":"race1","movieId":"1","rating":4}""", "user-race1", 1)]
    [InlineData("/ratings", """{"userId":"race2","movieId":"1","rating":4,"expectedVersion":0}""", "user-race2", 1)]
    [InlineData("/events", """{"type":"watch","userId":"race3","movieId":"1","minute":1}""" + "\n" + """{"type":"watch","userId":"race3","movieId":"1","minute":2}""", "user-race3", 2)]
    [InlineData("/events", """{"type":"watch","userId":"race4","movieId":"1","minute":1,"expectedVersion":0}""", "user-race4", 1)]
    public async Task Concurrent_requests_with_one_key_store_once_and_all_get_the_same_answer(string route, string body, string stream, int events)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => host.PostAsync(route, body, stream)));

        answers.ShouldAllBe(a => a.Status == 201 || a.Status == 207, answers[^1].Text);
        answers.Select(a => (a.Status, a.Text, a.Sequence)).Distinct().Count().ShouldBe(1);
        answers.Count(a => !a.Replayed).ShouldBe(1);
        (await host.CountAsync($"stream_id = '{stream}'")).ShouldBe(events);
    }

    [Fact]
    public async Task A_refused_command_leaves_its_key_free()
    {
        var body = """{"userId":"refused","movieId":"1","rating":4,"expectedVersion":1}""";
        (await host.PostAsync("/ratings", body, "refused")).Status.ShouldBe(409);
        await host.PostAsync("/ratings", Rating.Replace("r1", "refused"));

        (await host.PostAsync("/ratings", body, "refused")).Status.ShouldBe(201);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tab\tulator")]
    [InlineData("201")]
    public async Task A_key_that_is_none_is_refused(string key)
        => (await host.PostAsync("/ratings", Rating, key == "201" ? new string('k', 201) : key)).Status.ShouldBe(400);

    [Theory]
    [InlineData("/Ratings")]
    [InlineData("/ratings/")]
    public async Task Another_spelling_of_the_path_is_the_same_route(string spelling)
    {
        var body = Rating.Replace("r1", "spelt" + spelling.Length + spelling[1]);
        var first = await host.PostAsync("/ratings", body, "spelling" + spelling[^1]);

        (await host.PostAsync(spelling, body, "spelling" + spelling[^1])).ShouldSatisfyAllConditions(a => a.Replayed.ShouldBeTrue(), a => a.Text.ShouldBe(first.Text));
    }

    [Fact]
    public async Task A_batch_of_refused_lines_and_a_description_that_changes_nothing_keep_their_answers_too()
    {
        var batch = await host.PostAsync("/events", "{}", "nothing");
        var user = await host.SendAsync(HttpMethod.Put, "/users/kept", """{"age":30}""", "first");
        var same = await host.SendAsync(HttpMethod.Put, "/users/kept", """{"age":30}""", "second");

        (await host.PostAsync("/events", "{}", "nothing")).ShouldSatisfyAllConditions(a => a.Replayed.ShouldBeTrue(), a => a.Text.ShouldBe(batch.Text));
        (await host.SendAsync(HttpMethod.Put, "/users/kept", """{"age":30}""", "first")).Text.ShouldBe(user.Text);
        (await host.SendAsync(HttpMethod.Put, "/users/kept", """{"age":30}""", "second")).Text.ShouldBe(same.Text);
        (await host.SendAsync(HttpMethod.Put, "/users/kept", """{"age":31}""", "second")).Status.ShouldBe(422);
    }
}

public sealed class ExpiredAnswerTests(CommandHost host) : IClassFixture<CommandHost>
{
    [Fact]
    public async Task After_a_day_a_key_is_free_again_and_the_sweep_removes_what_is_left()
    {
        string Rating(int user) => $$"""{"userId":"{{user}}","movieId":"1","rating":4}""";
        for (var user = 0; user < 5; user++)
            (await host.PostAsync("/ratings", Rating(user), $"k{user}")).Status.ShouldBe(201);

        host.Pass(TimeSpan.FromHours(23));
        (await host.PostAsync("/ratings", Rating(0), "k0")).Replayed.ShouldBeTrue();
        host.Pass(TimeSpan.FromHours(1));
        (await host.PostAsync("/ratings", Rating(0), "k0")).Replayed.ShouldBeFalse();

        var kept = host.Services.GetRequiredService<KeptAnswers>();
        (await kept.DeleteExpiredAsync(3, CancellationToken.None)).ShouldBe(3);
        (await kept.DeleteExpiredAsync(3, CancellationToken.None)).ShouldBe(1);
        (await host.PostAsync("/ratings", Rating(0), "k0")).Replayed.ShouldBeTrue();
    }
}
