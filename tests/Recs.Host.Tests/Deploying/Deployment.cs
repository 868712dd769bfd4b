using System.Text.RegularExpressions;
using Recs.Testing;
using Shouldly;
using YamlDotNet.RepresentationModel;

namespace Recs.Host.Tests.Deploying;

/// <summary>The files that deploy Recs, read from the clone that the tests were built from.</summary>
internal static partial class Deployment
{
    public static YamlMappingNode Compose { get; } = Merged((YamlMappingNode)Load("docker-compose.yml"));

    /// <summary>Variables of <c>recs.env.example</c>.</summary>
    public static IReadOnlyDictionary<string, string> Example { get; } = File.ReadLines(At("recs.env.example"))
        .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    public static string Dockerfile { get; } = File.ReadAllText(At("deploy/Dockerfile"));

    public static string At(string path) => Path.Combine(TestCluster.Root(), path);

    public static YamlNode Load(string path)
    {
        using var text = File.OpenText(At(path));
        var yaml = new YamlStream();
        yaml.Load(text);
        return yaml.Documents.ShouldHaveSingleItem().RootNode;
    }

    public static IEnumerable<(string Name, YamlMappingNode Service)> Services
        => ((YamlMappingNode)Compose["services"]).Children.Select(pair => (pair.Key.ToString(), (YamlMappingNode)pair.Value));

    /// <summary>The services that run the recs image.</summary>
    public static IEnumerable<(string Name, YamlMappingNode Service)> RecsServices => Services.Where(s => s.Service["image"].ToString().StartsWith("recs:", StringComparison.Ordinal));

    public static IReadOnlyList<string> Texts(this YamlMappingNode node, string key)
        => node.Children.TryGetValue(key, out var list) ? [.. ((YamlSequenceNode)list).Select(item => item.ToString())] : [];

    /// <summary>Those of them that serve, each some role.</summary>
    public static IEnumerable<(string Name, YamlMappingNode Service)> RecsNodes => RecsServices.Where(s => s.Service.Texts("command")[0] == "up");

    /// <summary><c>${NAME}</c>, <c>${NAME:-default}</c>, <c>${NAME-default if it is not even empty}</c> and <c>${NAME:?message}</c>.</summary>
    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+)(:?(?<kind>[-?])(?<rest>[^}]*))?\}")]
    public static partial Regex Variable();

    /// <summary>Puts what <c>&lt;&lt;</c> names into the mapping, as Compose does.</summary>
    private static YamlMappingNode Merged(YamlMappingNode node)
    {
        foreach (var child in node.Children.Values.OfType<YamlMappingNode>().ToList())
            Merged(child);
        if (!node.Children.TryGetValue("<<", out var from))
            return node;
        node.Children.Remove("<<");
        foreach (var (key, value) in ((YamlMappingNode)from).Children)
            node.Children.TryAdd(key, value);
        return node;
    }
}
