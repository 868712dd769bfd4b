using Recs.Contracts.Registry;

namespace Recs.Training.Registry;

/// <summary>A version of a model and what became of it.</summary>
/// <param name="Trained">Its manifest.</param>
/// <param name="Sequence">Log position of the manifest.</param>
/// <param name="Evaluations">How it was judged, in order.</param>
/// <param name="Promotions">When it went into production, in order.</param>
public sealed record ModelVersion(ModelTrained Trained, long Sequence, IReadOnlyList<ModelEvaluated> Evaluations, IReadOnlyList<ModelPromoted> Promotions);

/// <summary>One model as its stream <c>model-{name}</c> tells it. A pure fold.</summary>
/// <param name="StreamVersion">Version of the stream that was folded; the next decision expects it.</param>
/// <param name="Versions">Versions in log order.</param>
/// <param name="Failures">Fits that failed, in log order.</param>
/// <param name="InProduction">Version promoted last, or null.</param>
/// <param name="PromotedAt">Log position of that promotion; the greatest over all models is the champion's.</param>
public sealed record ModelVersions(
    long StreamVersion, IReadOnlyList<ModelVersion> Versions, IReadOnlyList<TrainingFailed> Failures, string? InProduction, long PromotedAt)
{
    /// <summary>Before the first event.</summary>
    public static readonly ModelVersions None = new(0, [], [], null, 0);

    /// <summary>The name of the next version: N counts the model's trainings in log order.</summary>
    public string NextVersion(string model) => $"{model}-v0.{Versions.Count + 1}";

    /// <summary>The state after one more event.</summary>
    /// <param name="body">Event; one that says nothing about versions only counts.</param>
    /// <param name="streamVersion">Its version in the stream.</param>
    /// <param name="sequence">Its log position.</param>
    public ModelVersions Apply(object body, long streamVersion, long sequence) => body switch
    {
        ModelTrained e => this with { StreamVersion = streamVersion, Versions = [.. Versions, new(e, sequence, [], [])] },
        TrainingFailed e => this with { StreamVersion = streamVersion, Failures = [.. Failures, e] },
        ModelEvaluated e => this with { StreamVersion = streamVersion, Versions = Change(e.Version, v => v with { Evaluations = [.. v.Evaluations, e] }) },
        ModelPromoted e => this with
        {
            StreamVersion = streamVersion,
            InProduction = e.Version,
            PromotedAt = sequence,
            Versions = Change(e.Version, v => v with { Promotions = [.. v.Promotions, e] }),
        },
        ModelRolledBack e => this with { StreamVersion = streamVersion, InProduction = e.Version, PromotedAt = sequence },
        _ => this with { StreamVersion = streamVersion },
    };

    private IReadOnlyList<ModelVersion> Change(string version, Func<ModelVersion, ModelVersion> change)
        => [.. Versions.Select(v => v.Trained.Version == version ? change(v) : v)];
}
