using System.Text.Json.Serialization;
using Recs.Training.Evaluating;
using Recs.Training.Fitting;
using Recs.Training.Numerics;

namespace Recs.Training.Reporting;

/// <summary>A model as it was judged.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Options">Value of each hyper-parameter, as shortest invariant text.</param>
public sealed record ReportedModel(string Name, IReadOnlyDictionary<string, string> Options);

/// <summary>A report that belongs to a run.</summary>
/// <param name="File">Its file, in the folder of the run's manifest.</param>
/// <param name="Sha256">Digest of the file.</param>
public sealed record ReportedFile(string File, string Sha256);

/// <summary>A protocol that was not run on a data set, because the figures would mean nothing.</summary>
/// <param name="Dataset">Name of the data set.</param>
/// <param name="Protocol">The protocol.</param>
/// <param name="Why">A sentence.</param>
public sealed record LeftOutProtocol(string Dataset, string Protocol, string Why);

/// <summary>
/// The manifest of a run that the leaderboard and the model cards are made of: one code, one seed, one set of models with their options, on one machine. Figures of
/// different runs never stand on one page.
/// </summary>
public sealed record ReportedRun
{
    /// <summary>Commit of the code.</summary>
    public required string Revision { get; init; }
    /// <summary>The work tree had uncommitted changes: the figures are a draft.</summary>
    public required bool Dirty { get; init; }
    /// <summary>Seed of cuts, fits, intervals and tests.</summary>
    public required ulong Seed { get; init; }
    /// <summary>Lengths of lists.</summary>
    public required IReadOnlyList<int> Ks { get; init; }
    /// <summary>What decided between equal times: <c>file</c> or <c>hash</c>.</summary>
    public required string Ties { get; init; }
    /// <summary>Every fit was made twice to compare the bytes.</summary>
    public required bool Twice { get; init; }
    /// <summary>Fits at once.</summary>
    public required int Parallel { get; init; }
    /// <summary>Processors of the machine.</summary>
    public required int Processors { get; init; }
    /// <summary>Instruction set of the kernels: <c>plain</c>, <c>avx2</c> or <c>avx512</c>. It shows in the times, never in the figures.</summary>
    public required string InstructionSet { get; init; }
    /// <summary>The models.</summary>
    public required IReadOnlyList<ReportedModel> Models { get; init; }
    /// <summary>Re-rankers that were judged, as <c>name:weight</c> with each model or <c>model+name:weight</c> with one.</summary>
    public IReadOnlyList<string> Rerank { get; init; } = [];
    /// <summary>The reports, in the order in which they were made.</summary>
    public IReadOnlyList<ReportedFile> Reports { get; init; } = [];
    /// <summary>What was not run, and why.</summary>
    public IReadOnlyList<LeftOutProtocol> LeftOut { get; init; } = [];

    /// <summary>A run that is about to begin.</summary>
    public static ReportedRun Of(EvaluationPlan plan, CodeRevision code) => new()
    {
        Revision = code.Revision,
        Dirty = code.Dirty,
        Seed = plan.Seed,
        Ks = plan.Ks,
        Ties = plan.Ties.ToString().ToLowerInvariant(),
        Twice = plan.Twice,
        Parallel = plan.Parallel,
        Rerank = [.. plan.Rerank.Select(r => r.ToString())],
        Processors = Environment.ProcessorCount,
        InstructionSet = InstructionSets.Chosen.ToString().ToLowerInvariant(),
        Models = [.. plan.Contestants.Select(c => new ReportedModel(c.Recommender.Name, c.Options.ToText()))],
    };

    /// <summary>Whether this run would find what the earlier one found, so that it may go on where that one stopped. Uncommitted code may be any code, so it never may.</summary>
    public bool Continues(ReportedRun earlier)
        => !Dirty && Revision != "unknown" && Identity(this) == Identity(earlier);

    private static string Identity(ReportedRun run)
        => System.Text.Json.JsonSerializer.Serialize(run with { Reports = [], LeftOut = [] }, ReportedRunJson.Default.ReportedRun);
}

/// <summary>How a manifest is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ReportedRun))]
internal sealed partial class ReportedRunJson : JsonSerializerContext;
