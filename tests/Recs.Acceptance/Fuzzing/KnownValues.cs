using System.Text.Json.Nodes;

namespace Recs.Acceptance.Fuzzing;

/// <summary>Values that mean something to the service under test, by the name of what they are: some are given, the others are learnt from its answers.</summary>
internal sealed class KnownValues
{
    private const int MostOfAName = 200;
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase) { ["modelVersion"] = "version", ["exclude"] = "movieId" };
    private static readonly string[] Learnt = ["requestId", "trainingId", "version", "modelVersion", "snapshotId"];
    private readonly Dictionary<string, List<string>> _byName = new(StringComparer.OrdinalIgnoreCase);

    public KnownValues Add(string name, params IEnumerable<string> values)
    {
        var list = _byName.TryGetValue(Named(name), out var known) ? known : _byName[Named(name)] = [];
        list.AddRange(values);
        if (list.Count > MostOfAName)
            list.RemoveRange(0, list.Count - MostOfAName);
        return this;
    }

    /// <summary>A known value, or null if none has that name.</summary>
    public string? Pick(string name, Random random) => _byName.TryGetValue(Named(name), out var known) ? known[random.Next(known.Count)] : null;

    /// <summary>What an <c>{id}</c> stands for is said by the part of the path before it.</summary>
    public static string NameOf(Parameter parameter, string path)
    {
        if (parameter.Place != "path" || parameter.Name != "id")
            return parameter.Name;
        var before = path[..path.IndexOf("{id}", StringComparison.Ordinal)].Trim('/').Split('/')[^1];
        return before switch { "users" => "userId", "movies" => "movieId", "training" => "trainingId", "metrics" => "metric", _ => before };
    }

    /// <summary>Takes note of ids in an answer.</summary>
    public void Learn(string json)
    {
        try
        {
            Learn(JsonNode.Parse(json), "");
        }
        catch (System.Text.Json.JsonException)
        {
            // Plain text has nothing to learn from.
        }
    }

    private void Learn(JsonNode? node, string name)
    {
        if (node is JsonObject map)
            foreach (var (key, value) in map)
                Learn(value, key);
        else if (node is JsonArray list)
            foreach (var item in list)
                Learn(item, name);
        else if (Learnt.Contains(name, StringComparer.Ordinal) && node?.GetValueKind() == System.Text.Json.JsonValueKind.String)
            Add(name, node.GetValue<string>());
    }

    private static string Named(string name) => Aliases.GetValueOrDefault(name, name);
}
