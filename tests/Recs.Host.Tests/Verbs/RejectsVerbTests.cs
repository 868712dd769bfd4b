using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Verbs;

public sealed class RejectsVerbTests
{
    [Fact]
    public async Task rejects_are_listed_shown_exported_corrected_and_tried_again()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        await File.WriteAllTextAsync(recs.PathOf("log.csv"), "ann,heat+1995,seven,100\nbob,heat+1995,4,100\ncid,he at,4,100\n");
        var key = (await recs.ReportAsync("import", "--data", recs.PathOf("log.csv"))).GetProperty("key").GetString()!;

        var listed = await recs.ReportAsync("rejects", "list", "--source", "log.csv", "--last", "1");
        listed.GetProperty("reasons").EnumerateObject().Select(r => (r.Name, r.Value.GetInt64())).ShouldBe([("bad-movie-id", 1L), ("bad-rating", 1L)]);
        listed.GetProperty("rejects").EnumerateArray().Select(r => r.GetProperty("id").GetInt64()).ShouldBe([2L]);
        (await recs.RunAsync("rejects", "list", "--reason", "bad-rating")).Output.ShouldContain("ann,heat+1995,seven,100");
        (await recs.RunAsync("rejects", "show", $"{key[..6]}:log.csv:1")).Output.ShouldContain("bad-rating: Rating 'seven'");
        (await recs.ReportAsync("rejects", "show", "1")).GetProperty("name").GetString().ShouldBe($"{key}:log.csv:1");

        await recs.RunAsync("rejects", "list", "--out", recs.PathOf("rejected.jsonl"));
        await File.WriteAllTextAsync(recs.PathOf("rejected.jsonl"), (await File.ReadAllTextAsync(recs.PathOf("rejected.jsonl"))).Replace(",seven,", ",5,"));
        var retried = await recs.ReportAsync("rejects", "retry", "--in", recs.PathOf("rejected.jsonl"));
        (retried.GetProperty("tried").GetInt64(), retried.GetProperty("stored").GetInt64(), retried.GetProperty("rejected").GetInt64()).ShouldBe((2, 1, 1));
        (await recs.RunAsync("rejects", "list")).Output.ShouldNotContain("ann");
        var stored = (await recs.ReportAsync("rejects", "list", "--stored")).GetProperty("rejects")[0];
        (await recs.CountAsync($"select count(*) from recs.mt_events where seq_id = {stored.GetProperty("storedSequence").GetInt64()} and stream_id = 'user-ann'")).ShouldBe(1);
    }

    [Fact]
    public async Task a_line_that_is_no_text_comes_out_with_its_bytes_and_goes_back_as_it_came()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        byte[] line = [.. "2023-10-25T07:20:58,1,GET /rate/caf"u8, 0xE9, .. "+1995=4"u8];
        await File.WriteAllBytesAsync(recs.PathOf("service.log"), [.. "2023-10-25T07:20:57,1,GET /rate/heat+1995=4\n"u8, .. line, (byte)'\n']);
        await recs.RunAsync("import", "--data", recs.PathOf("service.log"));

        await recs.RunAsync("rejects", "list", "--out", recs.PathOf("rejected.jsonl"));
        await recs.RunAsync("validate", "--in", recs.PathOf("service.log"), "--rejects", recs.PathOf("validated.jsonl"));
        foreach (var file in new[] { "rejected.jsonl", "validated.jsonl" })
            WorkingRecs.Read(await File.ReadAllTextAsync(recs.PathOf(file))).GetProperty("rawBase64").GetBytesFromBase64().ShouldBe(line);
        (await recs.RunAsync("rejects", "show", "1")).Output.ShouldContain(Convert.ToBase64String(line));

        var retried = await recs.ReportAsync("rejects", "retry", "--in", recs.PathOf("rejected.jsonl"));
        retried.GetProperty("reasons").EnumerateObject().Select(r => r.Name).ShouldBe(["not-utf8"]);
        (await recs.RunAsync("rejects", "list", "--reason", "bad-rating")).Output.ShouldBe("no rejected line with reason 'bad-rating' is open\n");
    }

    [Theory]
    [InlineData("rejects", "show", "7")]
    [InlineData("rejects", "show", "nonsense")]
    [InlineData("rejects", "list", "--last", "0")]
    [InlineData("rejects", "retry", "--in", "no-such-file")]
    [InlineData("rejects", "retry", "--in", "broken.jsonl")]
    [InlineData("rejects", "retry", "--in", "two-lines.jsonl")]
    public async Task what_is_not_there_is_one_line_and_exit_code_2(params string[] arguments)
    {
        await using var recs = await WorkingRecs.CreateAsync();
        await File.WriteAllTextAsync(recs.PathOf("broken.jsonl"), "{\"id\":1\n");
        await File.WriteAllTextAsync(recs.PathOf("two-lines.jsonl"), "{\"id\":1,\"raw\":\"a\\nb\"}\n");
        if (arguments.Contains("--in")) arguments[^1] = recs.PathOf(arguments[^1]);

        var run = await recs.TryAsync(arguments);

        run.ExitCode.ShouldBe(2, run.Output + run.Error);
        run.Error.Trim().Split('\n').Length.ShouldBe(1);
    }
}
