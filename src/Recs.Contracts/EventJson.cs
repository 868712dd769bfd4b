using System.Text.Json.Serialization;
using Recs.Contracts.Metrics;
using Recs.Contracts.Movies;
using Recs.Contracts.Quality;
using Recs.Contracts.Recommendations;
using Recs.Contracts.Registry;
using Recs.Contracts.Snapshots;
using Recs.Contracts.Users;

namespace Recs.Contracts;

/// <summary>How events are written in the log: property names as declared (PascalCase), absent values left out.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UserRegistered))]
[JsonSerializable(typeof(UserChanged))]
[JsonSerializable(typeof(MovieWatched))]
[JsonSerializable(typeof(MovieRated))]
[JsonSerializable(typeof(MovieOpened))]
[JsonSerializable(typeof(UserErased))]
[JsonSerializable(typeof(MovieAdded))]
[JsonSerializable(typeof(MovieChanged))]
[JsonSerializable(typeof(RecommendationServed))]
[JsonSerializable(typeof(RecommendationObserved))]
[JsonSerializable(typeof(RecommendationFailed))]
[JsonSerializable(typeof(BatchValidated))]
[JsonSerializable(typeof(BuildDeployed))]
[JsonSerializable(typeof(SnapshotTaken))]
[JsonSerializable(typeof(TrainingRequested))]
[JsonSerializable(typeof(ModelTrained))]
[JsonSerializable(typeof(TrainingFailed))]
[JsonSerializable(typeof(TrainingCancelled))]
[JsonSerializable(typeof(ModelEvaluated))]
[JsonSerializable(typeof(ModelPromoted))]
[JsonSerializable(typeof(ModelRolledBack))]
[JsonSerializable(typeof(TuningTrialEnded))]
[JsonSerializable(typeof(OptionsTuned))]
[JsonSerializable(typeof(MetricDefined))]
public sealed partial class EventJson : JsonSerializerContext;
