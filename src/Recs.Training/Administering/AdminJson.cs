using System.Text.Json;
using System.Text.Json.Serialization;
using Recs.Training.Registry;
using Recs.Training.Trainings;

namespace Recs.Training.Administering;

/// <summary>How the registry's routes read and write: camelCase; a property that no body has is an error, so that a typing mistake is never ignored.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, NumberHandling = JsonNumberHandling.Strict, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(TrainingBody))]
[JsonSerializable(typeof(CancelBody))]
[JsonSerializable(typeof(DecisionBody))]
[JsonSerializable(typeof(UpdateBody))]
[JsonSerializable(typeof(JobAccepted))]
[JsonSerializable(typeof(TrainingStatus))]
[JsonSerializable(typeof(IReadOnlyList<TrainingStatus>))]
[JsonSerializable(typeof(Decided))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelDetail))]
[JsonSerializable(typeof(ProductionAnswer))]
[JsonSerializable(typeof(Leaderboard))]
internal sealed partial class AdminJson : JsonSerializerContext;
