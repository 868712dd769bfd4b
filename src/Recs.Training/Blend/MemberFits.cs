using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Snapshots;

namespace Recs.Training.Blend;

/// <summary>
/// Fits members one after the other, each in its share of the blend's progress and under its own name. A member that is done is kept in the checkpoint, and one that
/// is under way keeps its own there, so that a blend that was killed goes on in the middle of a member. What it fitted lies in memory until it is disposed or taken.
/// </summary>
internal sealed class MemberFits : IDisposable
{
    private const double WeightsShare = 0.1; // of the members' time

    private readonly FitRun _run;
    private readonly double _total;
    private readonly double _weights;
    private readonly HashSet<ArtifactFiles> _open = [];
    private double _begun;

    /// <summary>Plans.</summary>
    /// <param name="run">The blend's.</param>
    /// <param name="planned">Every fit that may come.</param>
    public MemberFits(FitRun run, IEnumerable<BlendMember> planned)
    {
        var members = planned.Sum(m => m.Kind.RelativeCost);
        (_run, _weights, _total) = (run, WeightsShare * members, (1 + WeightsShare) * members);
    }

    /// <summary>Fits a member, unless the checkpoint has it.</summary>
    /// <param name="member">Member.</param>
    /// <param name="data">What it is fitted on.</param>
    /// <param name="on">Names that data.</param>
    public ArtifactFiles Fit(BlendMember member, InteractionSet data, string on)
    {
        var run = Stage(member.Name, member.Kind.RelativeCost) with { Checkpoint = _run.Checkpoint?.Part($"{member.Name}-{on}") };
        var files = run.Checkpoint?.LoadModel() ?? Fit(member, data, run);
        _open.Add(files);
        run.Report("done", 1);
        return files;
    }

    /// <summary>The stage in which the weights are fitted.</summary>
    public FitRun Weights() => Stage("weights", _weights);

    /// <summary>Gives up a model to whoever disposes it.</summary>
    public ArtifactFiles Take(ArtifactFiles model)
    {
        _open.Remove(model);
        return model;
    }

    /// <summary>Lets go of everything that was not taken.</summary>
    public void Dispose()
    {
        foreach (var model in _open)
            model.Dispose();
    }

    private static ArtifactFiles Fit(BlendMember member, InteractionSet data, FitRun run)
    {
        using var artifact = member.Kind.Fit(data, member.Options, member.Seed, run);
        run.Checkpoint?.OfferModel(artifact);
        return ArtifactFiles.InMemory(artifact);
    }

    private FitRun Stage(string name, double cost)
    {
        var from = _begun / _total;
        _begun += cost;
        return _run with { Checkpoint = null, Progress = _run.Progress is null ? null : new Part(_run.Progress, name, from, _begun / _total) };
    }

    /// <summary>A part's progress as the whole's.</summary>
    private sealed class Part(IProgress<FitProgress> whole, string name, double from, double to) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => whole.Report(new($"{name}: {value.Phase}", Math.Min(1, from + ((to - from) * value.Fraction)), value.Loss, value.Validation));
    }
}
