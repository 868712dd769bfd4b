using Recs.Training.Evaluating;
using Recs.Training.Evaluating.Protocols;
using Recs.Training.Fitting;
using Recs.Training.Reporting;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Reporting;

/// <summary>A run on a tiny generated data set, and a report whose figures were made up.</summary>
internal static class ReportedExample
{
    public static readonly IReadOnlyList<Contestant> Models = [.. new[] { "popularity", "item-knn", "knn-baseline" }.Select(name => Contestant.Of(Recommenders.Named(name)))];
    public static readonly InteractionSet Data = GeneratedData.WithDemographics(GeneratedData.Interactions(genres: true));
    public static readonly EvaluationPlan Plan = new(Models) { Ks = [5, 10] };
    private static readonly Lazy<IReadOnlyList<EvaluationReport>> Made = new(() =>
        [.. new IProtocol[] { new HeldOutUsers(), new RandomRatings(), new LeaveLastOut() }.Select(protocol => new EvaluateModels(TimeProvider.System).Run("generated", Data, Plan with { Protocol = protocol }, new()))]);

    /// <summary>One report per protocol, made once.</summary>
    public static IReadOnlyList<EvaluationReport> Reports => Made.Value;

    public static ReportedRun Run(string revision = "0123abcd", bool dirty = false) => ReportedRun.Of(Plan, new(revision, dirty));

    /// <summary>A folder with all reports and pages.</summary>
    public static ReportFolder Write(TemporaryFolder folder, ReportedRun? run = null)
    {
        var written = ReportFolder.Open(folder.Path, run ?? Run());
        foreach (var report in Reports)
            written.Add(report);
        written.WritePages(Recommenders.All);
        return written;
    }

    /// <summary>Two models under leave-last-out with easy numbers, on what could be MovieLens 1M.</summary>
    public static EvaluationReport MadeUp(string dataset = "ml-1m", int ratings = 1_000_209) => new()
    {
        Dataset = new(dataset, 6040, 3706, ratings, "00ff"),
        Protocol = "leave-last-out",
        EvaluatedUsers = 6040,
        TrainRatings = ratings - 6040,
        HeldOut = 6040,
        Rows =
        [
            new() { Model = "popularity", K = 10, Hr = 0.04, HrLow = 0.03, HrHigh = 0.05, Ndcg = 0.02, NdcgLow = 0.01, NdcgHigh = 0.03, SizeMiB = 0.5 },
            new() { Model = "ease", K = 10, Hr = 0.23456, HrLow = 0.22, HrHigh = 0.25, Ndcg = 0.125, NdcgLow = 0.12, NdcgHigh = 0.13, SizeMiB = 52.4, TrainSeconds = 3.21 },
        ],
        Slices =
        [
            Slice("ease", "F", 1700, 0.10, 0.02), Slice("ease", "M", 4300, 0.135, 0.01), Slice("ease", "X", 5, 0.9, 0.5),
        ],
        Comparisons = [new("popularity", "ease", "ndcg@10", -0.105, -0.11, -0.10, 0.0001, 0.0001)],
        Folds = 1,
        Ties = "file",
        UsersWithTiedLast = 0,
    };

    private static EvaluationSlice Slice(string model, string gender, int users, double ndcg, double width)
        => new(model, "gender", gender, users, 10, 0.2, ndcg, ndcg - width, ndcg + width, null);
}
