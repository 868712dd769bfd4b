using System.Collections.Concurrent;

namespace Recs.Acceptance.Running;

/// <summary>
/// What most tests start from: the small simulated world imported and models trained on it. The program does that once per test run; each test gets a copy of its own,
/// which costs a tenth of a second in the place of six processes.
/// </summary>
internal static class PreparedWorld
{
    /// <summary>What is trained: the models that tests ask for by name and that are fitted in no time. That every model can be trained is for other tests to say.</summary>
    public static readonly IReadOnlyList<string> Models = ["popularity", "item-knn", "ease", "linear-autoregression"];

    private static readonly Lazy<Task<RecsProgram>> Trained = new(TrainAsync);
    private static readonly ConcurrentDictionary<string, Lazy<Task<RecsProgram>>> Promoted = new();

    /// <summary>The program with a model in production; for copying only.</summary>
    public static Task<RecsProgram> WithAsync(string champion) => Promoted.GetOrAdd(champion, _ => new(() => PromoteAsync(champion))).Value;

    private static async Task<RecsProgram> TrainAsync()
    {
        var recs = await RecsProgram.CreateAsync();
        recs.KeepUntilTheEnd();
        await recs.MustAsync("import", "--data", World.Folder);
        foreach (var model in Models)
            await recs.MustAsync("train", model);
        return recs;
    }

    private static async Task<RecsProgram> PromoteAsync(string champion)
    {
        var recs = await (await Trained.Value).CopyAsync();
        recs.KeepUntilTheEnd();
        await recs.MustAsync("models", "promote", champion + "-v0.1", "--reason", "test");
        return recs;
    }
}
