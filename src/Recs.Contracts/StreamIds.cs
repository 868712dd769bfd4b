namespace Recs.Contracts;

/// <summary>Names of the streams.</summary>
public static class StreamIds
{
    /// <summary>A person's facts; its version is the user-state version that a slate records.</summary>
    public static string User(string userId) => "user-" + userId;
    /// <summary>A movie's facts.</summary>
    public static string Movie(string movieId) => "movie-" + movieId;
    /// <summary>What a person was served.</summary>
    public static string Recommendations(string userId) => "recommendations-" + userId;
    /// <summary>A pinned data set.</summary>
    public static string Snapshot(string snapshotId) => "snapshot-" + snapshotId;
    /// <summary>A model's trainings and promotions.</summary>
    public static string Model(string model) => "model-" + model;
    /// <summary>The trials of a tuning, and what was chosen.</summary>
    public static string Tuning(string tuningId) => "tuning-" + tuningId;
    /// <summary>The definitions of an online metric.</summary>
    public static string Metric(string name) => "metric-" + name;
    /// <summary>What was found of a source's data: its validations, its drift.</summary>
    public static string Quality(string source) => "quality-" + source;
    /// <summary>Code that serves slates.</summary>
    public static string Build(string build) => "build-" + build;
}
