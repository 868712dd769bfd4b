using System.Text.Json;
using System.Text.Json.Serialization;

namespace Recs.Queries.People;

/// <summary>How the answers about people are written: camelCase.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(UserSearch))]
[JsonSerializable(typeof(UserHistoryPage))]
[JsonSerializable(typeof(Taste))]
[JsonSerializable(typeof(SlatesPage))]
internal sealed partial class PeopleJson : JsonSerializerContext;
