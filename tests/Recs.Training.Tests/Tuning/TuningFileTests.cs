using Recs.Contracts.Registry;
using Recs.Training.Tuning;

namespace Recs.Training.Tests.Tuning;

public sealed class TuningFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => System.IO.Path.Combine(_folder.Path, "tuning.jsonl");

    [Fact]
    public async Task Trials_are_read_back_each_once_and_those_of_other_tunings_are_left_out()
    {
        var file = new TuningFile(Path);
        (await file.TrialsAsync("a", default)).ShouldBeEmpty();
        foreach (var trial in new[] { Trial("a", 0), Trial("b", 0), Trial("a", 1), Trial("a", 0) })
            await file.AddAsync(trial, default);
        await file.AddAsync(new OptionsTuned("a", "ease", 1, new Dictionary<string, string>(), "ndcg@10", 0.5, null, "data", "sha", 1, 2, DateTimeOffset.UnixEpoch), default);
        var read = await new TuningFile(Path).TrialsAsync("a", default);
        read.Select(t => t.Trial).ShouldBe([0, 1]);
        (read[1].Value, read[1].Options["ridge"]).ShouldBe((0.1 + 0.2, "500"));
    }

    [Fact]
    public async Task A_line_that_was_cut_off_in_the_middle_is_as_if_it_had_not_been_written()
    {
        var file = new TuningFile(Path);
        await file.AddAsync(Trial("a", 0), default);
        await File.AppendAllTextAsync(Path, "{\"trial\":{\"tuningId\":");
        (await file.TrialsAsync("a", default)).Count.ShouldBe(1);
        await file.AddAsync(Trial("a", 1), default);
        (await file.TrialsAsync("a", default)).Select(t => t.Trial).ShouldBe([0, 1]);
    }

    [Fact]
    public async Task A_file_of_something_else_is_refused_with_the_line()
    {
        await File.WriteAllTextAsync(Path, "user,movie\n");
        (await Should.ThrowAsync<InvalidDataException>(() => new TuningFile(Path).TrialsAsync("a", default))).Message.ShouldContain("Line 1");
    }

    public void Dispose() => _folder.Dispose();

    private static TuningTrialEnded Trial(string tuning, int trial)
        => new(tuning, "ease", trial, 0, 1, new Dictionary<string, string> { ["ridge"] = "500" }, "ndcg@10", 0.1 + 0.2, null, 1.5, DateTimeOffset.UnixEpoch);
}
