using Recs.Contracts;
using Recs.EventStore.Evolving;

namespace Recs.Host.Composition;

/// <summary>Which contract stands behind which wire name.</summary>
internal static class RecsEventTypes
{
    /// <summary>The registry of every alias of <see cref="EventAliases"/>.</summary>
    public static EventTypes Create() => new EventTypes()
        .Map(EventAliases.UserRegistered, EventJson.Default.UserRegistered)
        .Map(EventAliases.UserChanged, EventJson.Default.UserChanged)
        .Map(EventAliases.MovieWatched, EventJson.Default.MovieWatched)
        .Map(EventAliases.MovieRated, EventJson.Default.MovieRated)
        .Map(EventAliases.MovieOpened, EventJson.Default.MovieOpened)
        .Map(EventAliases.UserErased, EventJson.Default.UserErased)
        .Map(EventAliases.MovieAdded, EventJson.Default.MovieAdded)
        .Map(EventAliases.MovieChanged, EventJson.Default.MovieChanged)
        .Map(EventAliases.RecommendationServed, EventJson.Default.RecommendationServed)
        .Map(EventAliases.RecommendationObserved, EventJson.Default.RecommendationObserved)
        .Map(EventAliases.RecommendationFailed, EventJson.Default.RecommendationFailed)
        .Map(EventAliases.BuildDeployed, EventJson.Default.BuildDeployed)
        .Map(EventAliases.SnapshotTaken, EventJson.Default.SnapshotTaken)
        .Map(EventAliases.TrainingRequested, EventJson.Default.TrainingRequested)
        .Map(EventAliases.ModelTrained, EventJson.Default.ModelTrained)
        .Map(EventAliases.TrainingFailed, EventJson.Default.TrainingFailed)
        .Map(EventAliases.TrainingCancelled, EventJson.Default.TrainingCancelled)
        .Map(EventAliases.ModelEvaluated, EventJson.Default.ModelEvaluated)
        .Map(EventAliases.ModelPromoted, EventJson.Default.ModelPromoted)
        .Map(EventAliases.ModelRolledBack, EventJson.Default.ModelRolledBack)
        .Map(EventAliases.TuningTrialEnded, EventJson.Default.TuningTrialEnded)
        .Map(EventAliases.OptionsTuned, EventJson.Default.OptionsTuned)
        .Map(EventAliases.BatchValidated, EventJson.Default.BatchValidated)
        .Map(EventAliases.MetricDefined, EventJson.Default.MetricDefined);
}
