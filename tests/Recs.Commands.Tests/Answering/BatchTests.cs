using System.Text;

namespace Recs.Commands.Tests.Answering;

public sealed class BatchTests(CommandHost host) : IClassFixture<CommandHost>
{
    [Fact]
    public async Task Good_lines_are_stored_in_order_whatever_the_others_are()
    {
        var slate = await host.ServeAsync("b1", "4");
        var answer = await host.PostAsync("/events", $$"""
            {"type":"rating","userId":"b1","movieId":"1","rating":4}
            {"type":"rating","userId":"b1","movieId":"1"}
            not json

            {"type":"watch","userId":"b2","movieId":2,"minute":3}
            {"type":"open","userId":"b1","movieId":"4","requestId":"{{slate}}"}
            {"type":"open","userId":"b1","movieId":"5","requestId":"{{slate}}"}
            {"type":"rating","userId":"b1","movieId":"nowhere","rating":4}
            {"type":"rating","userId":"b1","movieId":"1","rating":4,"minute":3}
            {"type":"like","userId":"b1","movieId":"1"}
            {"type":"rating","userId":"b1","movieId":"1","rating":4,"sort":"a"}
            {"type":"rating","userId":"{{new string('x', 9000)}}"}
            {"type":"rating","userId":"b1","movieId":"3","rating":5}
            """);

        answer.Status.ShouldBe(207, answer.Text);
        answer.Statuses.ShouldBe([201, 422, 400, 400, 201, 201, 422, 422, 422, 422, 422, 413, 201]);
        answer.Lines.Select(l => l.GetProperty("line").GetInt32()).ShouldBe(Enumerable.Range(1, 13));
        string[] Named(int line) => [.. answer.Lines[line - 1].GetProperty("errors").EnumerateObject().Select(e => e.Name)];
        new[] { 2, 7, 8, 9, 10, 11 }.SelectMany(Named).ShouldBe(["rating", "requestId", "movieId", "minute", "type", "sort"]);
        answer.Lines.Where(l => l.TryGetProperty("sequence", out _)).Select(l => l.GetProperty("sequence").GetInt64()).ShouldBeInOrder(SortDirection.Ascending);
        answer.Lines[12].GetProperty("version").GetInt64().ShouldBe(3);
        answer.Lines[12].GetProperty("sequence").GetInt64().ShouldBe(answer.Sequence);
        (await host.CountAsync("stream_id = 'user-b1'")).ShouldBe(3);
        (await host.CountAsync("stream_id = 'user-b2'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_conflict_of_one_line_fails_that_line_alone()
    {
        var answer = await host.PostAsync("/events", """
            {"type":"rating","userId":"c1","movieId":"1","rating":4,"expectedVersion":0}
            {"type":"rating","userId":"c1","movieId":"2","rating":4,"expectedVersion":0}
            {"type":"rating","userId":"c1","movieId":"3","rating":4}
            {"type":"rating","userId":"c1","movieId":"4","rating":4,"expectedVersion":2}
            {"type":"rating","userId":"c2","movieId":"4","rating":4}
            """);

        answer.Statuses.ShouldBe([201, 409, 201, 201, 201]);
        answer.Lines[1].GetProperty("actualVersion").GetInt64().ShouldBe(1);
        answer.Lines[3].GetProperty("version").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task A_user_stores_only_its_own_lines()
    {
        var answer = await host.PostAsync("/events", """
            {"type":"watch","userId":"mine","movieId":"1","minute":1}
            {"type":"watch","userId":"yours","movieId":"1","minute":1}
            """, caller: "mine user");

        answer.Statuses.ShouldBe([201, 403]);
        (await host.CountAsync("stream_id = 'user-yours'")).ShouldBe(0);
    }

    [Fact]
    public async Task Lines_of_an_archived_user_are_refused_and_the_others_stored()
    {
        await host.PostAsync("/ratings", """{"userId":"gone","movieId":"1","rating":4}""");
        await using (var archive = host.Source.CreateCommand("select recs.mt_archive_stream('user-gone')"))
            await archive.ExecuteNonQueryAsync();

        var answer = await host.PostAsync("/events", """
            {"type":"rating","userId":"gone","movieId":"1","rating":4}
            {"type":"rating","userId":"here","movieId":"2","rating":4}
            """);

        answer.Statuses.ShouldBe([409, 201]);
    }

    [Fact]
    public async Task Concurrent_batches_that_expect_versions_of_one_user_store_each_version_once()
    {
        var lines = string.Join('\n', Enumerable.Range(0, 20).Select(v => $$"""{"type":"watch","userId":"race","movieId":"1","minute":1,"expectedVersion":{{v}}}"""));

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => host.PostAsync("/events", lines)));

        answers.ShouldAllBe(a => a.Status == 207);
        answers.SelectMany(a => a.Statuses).Count(s => s == 201).ShouldBe(20);
        (await host.CountAsync("stream_id = 'user-race'")).ShouldBe(20);
    }

    [Fact]
    public async Task A_batch_is_bounded_in_lines_and_bytes_and_has_its_own_media_type()
    {
        var line = """{"type":"watch","userId":"bound","movieId":"1","minute":1}""";
        (await host.PostAsync("/events", string.Join('\n', Enumerable.Repeat(line, 10_001)))).Status.ShouldBe(413);
        (await host.SendAsync(HttpMethod.Post, "/events", new byte[5 * 1024 * 1024 + 1])).Status.ShouldBe(413);
        (await host.PostAsync("/events", "")).Status.ShouldBe(400);
        using var json = new StringContent(line, Encoding.UTF8, "application/json");
        ((int)(await host.Http.PostAsync("/events", json)).StatusCode).ShouldBe(415);
        (await host.CountAsync("stream_id = 'user-bound'")).ShouldBe(0);
    }
}
