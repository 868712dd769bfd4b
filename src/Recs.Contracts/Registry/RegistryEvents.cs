namespace Recs.Contracts.Registry;

/// <summary>A file of a model version.</summary>
/// <param name="Name">File name inside the version's folder.</param>
/// <param name="Sha256">Digest, lower-case hexadecimal.</param>
/// <param name="Bytes">Size.</param>
public sealed record ModelFile(string Name, string Sha256, long Bytes);

/// <summary>A fit was asked for: all that it depends on, so that whoever carries it out, and however often, fits the same. Stream <c>model-{Model}</c>.</summary>
/// <param name="TrainingId">Names the training; exactly one outcome answers it (<see cref="ModelTrained"/>, <see cref="TrainingFailed"/> or <see cref="TrainingCancelled"/>).</param>
/// <param name="Model">Model name, such as <c>linear-autoregression</c>.</param>
/// <param name="SnapshotId">Snapshot to fit on.</param>
/// <param name="Options">Every hyper-parameter, defaults included, as invariant text.</param>
/// <param name="Seed">Key of every random draw.</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
/// <param name="ThroughSequence">Where the log ended then, if the snapshot is yet to be taken there; null if it was there already.</param>
/// <param name="OptionSources">Where each option's value came from: <c>given</c>, <c>built-in</c> or the id of a tuning; null in older logs.</param>
public sealed record TrainingRequested(
    string TrainingId, string Model, string SnapshotId, IReadOnlyDictionary<string, string> Options, ulong Seed, string RequestedBy, string Reason, DateTimeOffset At,
    long? ThroughSequence = null, IReadOnlyDictionary<string, string>? OptionSources = null);

/// <summary>A fit gave a version: all that is needed to make the same bytes again. Stream <c>model-{Model}</c>.</summary>
/// <param name="TrainingId">The request it answers.</param>
/// <param name="Model">Model name, such as <c>linear-autoregression</c>.</param>
/// <param name="Version">Version name, <c>{Model}-v0.N</c>, N counting the model's trainings in log order.</param>
/// <param name="ContentHash">sha256 over the files' digests: the artifact's address in the store.</param>
/// <param name="SnapshotId">Snapshot that it was fitted on.</param>
/// <param name="SnapshotSha256">Digest of the snapshot's canonical bytes.</param>
/// <param name="ThroughSequence">Log position of the snapshot.</param>
/// <param name="Options">Every hyper-parameter, defaults included, as invariant text.</param>
/// <param name="Seed">Seed of every random draw.</param>
/// <param name="FormatVersion">Version of the fit's arithmetic and file format.</param>
/// <param name="CodeRevision">Commit of the code that fitted.</param>
/// <param name="Dirty">The work tree had uncommitted changes.</param>
/// <param name="Files">Files of the artifact.</param>
/// <param name="Seconds">Wall time of the fit.</param>
/// <param name="Bytes">Size of all files.</param>
/// <param name="At">When the fit ended.</param>
/// <param name="OptionSources">Where each option's value came from, as in the request; null in older logs.</param>
/// <param name="Findings">What the fit found out that is worth telling, such as the weights of a blend's members: sentences by name; null for nothing.</param>
public sealed record ModelTrained(
    string TrainingId, string Model, string Version, string ContentHash, string SnapshotId, string SnapshotSha256, long ThroughSequence,
    IReadOnlyDictionary<string, string> Options, ulong Seed, int FormatVersion, string CodeRevision, bool Dirty,
    IReadOnlyList<ModelFile> Files, double Seconds, long Bytes, DateTimeOffset At, IReadOnlyDictionary<string, string>? OptionSources = null,
    IReadOnlyDictionary<string, string>? Findings = null);

/// <summary>A fit failed. Stream <c>model-{Model}</c>.</summary>
public sealed record TrainingFailed(string TrainingId, string Model, string Reason, DateTimeOffset At);

/// <summary>A fit was called off before it ended. Stream <c>model-{Model}</c>.</summary>
/// <param name="TrainingId">The request it answers.</param>
/// <param name="Model">Model name.</param>
/// <param name="By">Who called it off.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
public sealed record TrainingCancelled(string TrainingId, string Model, string By, string Reason, DateTimeOffset At);

/// <summary>A version was judged offline. Stream <c>model-{Model}</c>.</summary>
/// <param name="Model">Model name.</param>
/// <param name="Version">The version whose options were judged.</param>
/// <param name="Protocol">Such as <c>leave-last-out</c>: figures of different protocols are never compared.</param>
/// <param name="Metrics">Figure by name, such as <c>hr@10</c>.</param>
/// <param name="At">When.</param>
public sealed record ModelEvaluated(string Model, string Version, string Protocol, IReadOnlyDictionary<string, double> Metrics, DateTimeOffset At);

/// <summary>A version went into production. Stream <c>model-{Model}</c>; the last one over all models is the champion.</summary>
public sealed record ModelPromoted(string Model, string Version, string? Previous, string By, string Reason, DateTimeOffset At);

/// <summary>Production went back to an earlier version. Stream <c>model-{Model}</c>.</summary>
public sealed record ModelRolledBack(string Model, string Version, string From, string By, string Reason, DateTimeOffset At);
