using Recs.Training.Exporting;
using Recs.Training.Fitting;
using Recs.Training.Registry;
using Recs.Training.Reproducing;
using Recs.Training.Snapshots;
using Recs.Training.Trainings;
using Recs.Training.Tuning;

namespace Recs.Host.Composition;

/// <summary>The use cases of training over an opened store.</summary>
internal sealed class TrainingSide
{
    public TrainingSide(RecsStore store)
    {
        var clock = store.Options.Clock;
        Models = new(store.Reader, store.Types);
        Find = new(store.Reader, store.Types);
        Reader = new(store.Source, store.Options, store.Types);
        Load = new(Reader, Find);
        Take = new(Reader, Find, store.Appender, store.Types, clock);
        var options = new TrainingOptions { InBackground = false };
        Jobs = new(store.Source, store.Options, options);
        var outcomes = new RecordOutcome(Jobs, Models, store.Reader, store.Appender, store.Types);
        var leases = new TrainingLeases(store.Source, store.Options, options);
        var carryOut = new CarryOutTraining(
            store.Artifacts, leases, new(Load, Take), outcomes, options, clock, CodeRevision.Of(typeof(TrainingSide).Assembly),
            store.Checkpoints);
        Tuned = new(store.Reader, store.Types);
        var request = new RequestTraining(Find, Tuned, Jobs, store.Appender, store.Types, clock);
        Train = new(request, carryOut, outcomes, store.Checkpoints, clock);
        TrainSeveral = new(request, carryOut, leases, options);
        Resume = new(Jobs, leases, carryOut, outcomes, store.Reader, store.Types);
        Tuning = new(store.Reader, store.Appender, store.Types);
        Cancel = new(Jobs, outcomes, store.Checkpoints, clock);
        RollBack = new(store.Artifacts, Models, store.Appender, store.Types, clock);
        Promote = new(store.Artifacts, Models, store.Appender, store.Types, clock);
        RecordEvaluation = new(Models, store.Appender, store.Types, clock);
        Reproduce = new(store.Artifacts, Models, Load, Find, clock);
        Export = new(store.Source, store.Options, store.Types, Find, CodeRevision.Of(typeof(TrainingSide).Assembly));
    }

    /// <summary>Lists versions.</summary>
    public ListModels Models { get; }
    /// <summary>Finds snapshots.</summary>
    public FindSnapshot Find { get; }
    /// <summary>Reads data sets from the log.</summary>
    public SnapshotReader Reader { get; }
    /// <summary>Reads and verifies snapshots.</summary>
    public LoadSnapshot Load { get; }
    /// <summary>Takes snapshots.</summary>
    public TakeSnapshot Take { get; }
    /// <summary>Trains.</summary>
    public TrainModel Train { get; }
    /// <summary>Trains several at once.</summary>
    public TrainSeveral TrainSeveral { get; }
    /// <summary>Goes on with trainings that were stopped.</summary>
    public ResumeTraining Resume { get; }
    /// <summary>What tunings chose.</summary>
    public TunedOptions Tuned { get; }
    /// <summary>Keeps the trials of tunings in the log.</summary>
    public TuningStream Tuning { get; }
    /// <summary>Jobs of the training role.</summary>
    public TrainingJobs Jobs { get; }
    /// <summary>Calls a job off.</summary>
    public CancelTraining Cancel { get; }
    /// <summary>Puts what was in production before back.</summary>
    public RollBackModel RollBack { get; }
    /// <summary>Promotes.</summary>
    public PromoteModel Promote { get; }
    /// <summary>Records offline figures.</summary>
    public RecordEvaluation RecordEvaluation { get; }
    /// <summary>Trains a version again and compares the bytes.</summary>
    public ReproduceModel Reproduce { get; }
    /// <summary>Writes snapshots as files.</summary>
    public ExportSnapshot Export { get; }
}
