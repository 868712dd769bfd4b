namespace Recs.Contracts;

/// <summary>Wire names of the events. Pinned: renaming a class never renames an event.</summary>
public static class EventAliases
{
    /// <summary><see cref="Users.UserRegistered"/>.</summary>
    public const string UserRegistered = "user_registered";
    /// <summary><see cref="Users.UserChanged"/>.</summary>
    public const string UserChanged = "user_changed";
    /// <summary><see cref="Users.MovieWatched"/>.</summary>
    public const string MovieWatched = "movie_watched";
    /// <summary><see cref="Users.MovieRated"/>.</summary>
    public const string MovieRated = "movie_rated";
    /// <summary><see cref="Users.MovieOpened"/>.</summary>
    public const string MovieOpened = "movie_opened";
    /// <summary><see cref="Users.UserErased"/>.</summary>
    public const string UserErased = "user_erased";
    /// <summary><see cref="Movies.MovieAdded"/>.</summary>
    public const string MovieAdded = "movie_added";
    /// <summary><see cref="Movies.MovieChanged"/>.</summary>
    public const string MovieChanged = "movie_changed";
    /// <summary><see cref="Recommendations.RecommendationServed"/>.</summary>
    public const string RecommendationServed = "recommendation_served";
    /// <summary><see cref="Recommendations.RecommendationObserved"/>.</summary>
    public const string RecommendationObserved = "recommendation_observed";
    /// <summary><see cref="Recommendations.RecommendationFailed"/>.</summary>
    public const string RecommendationFailed = "recommendation_failed";
    /// <summary><see cref="Recommendations.BuildDeployed"/>.</summary>
    public const string BuildDeployed = "build_deployed";
    /// <summary><see cref="Snapshots.SnapshotTaken"/>.</summary>
    public const string SnapshotTaken = "snapshot_taken";
    /// <summary><see cref="Registry.TrainingRequested"/>.</summary>
    public const string TrainingRequested = "training_requested";
    /// <summary><see cref="Registry.ModelTrained"/>.</summary>
    public const string ModelTrained = "model_trained";
    /// <summary><see cref="Registry.TrainingFailed"/>.</summary>
    public const string TrainingFailed = "training_failed";
    /// <summary><see cref="Registry.TrainingCancelled"/>.</summary>
    public const string TrainingCancelled = "training_cancelled";
    /// <summary><see cref="Registry.ModelEvaluated"/>.</summary>
    public const string ModelEvaluated = "model_evaluated";
    /// <summary><see cref="Registry.ModelPromoted"/>.</summary>
    public const string ModelPromoted = "model_promoted";
    /// <summary><see cref="Registry.ModelRolledBack"/>.</summary>
    public const string ModelRolledBack = "model_rolled_back";
    /// <summary><see cref="Registry.TuningTrialEnded"/>.</summary>
    public const string TuningTrialEnded = "tuning_trial_ended";
    /// <summary><see cref="Registry.OptionsTuned"/>.</summary>
    public const string OptionsTuned = "options_tuned";
    /// <summary><see cref="Quality.BatchValidated"/>.</summary>
    public const string BatchValidated = "batch_validated";
    /// <summary><see cref="Metrics.MetricDefined"/>.</summary>
    public const string MetricDefined = "metric_defined";
}
