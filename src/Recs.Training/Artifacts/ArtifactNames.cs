using System.Text.Json;
using System.Text.Json.Serialization;
using Recs.Contracts.Registry;
using Recs.Training.Registry;

namespace Recs.Training.Artifacts;

/// <summary>
/// The names by which people and scripts find an artifact: <c>{model}/v0.N/meta.json</c>, <c>{model}/latest.txt</c> (the newest version's short name) and
/// <c>production.txt</c> (the version in production). The log decides, these only tell; any number of processes may write them.
/// </summary>
public static partial class ArtifactNames
{
    private const string Latest = "latest.txt";
    private const string Production = "production.txt";

    /// <summary>Writes the names of a version.</summary>
    public static void Name(this ArtifactStore store, ModelTrained version)
    {
        var path = MetaOf(store, version);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        WriteWhole(path, JsonSerializer.Serialize(version, MetaJson.Default.ModelTrained) + "\n");
        NameLatest(Path.Combine(store.Directory, version.Model));
    }

    /// <summary>Whether the version's own name is there.</summary>
    internal static bool IsNamed(this ArtifactStore store, ModelTrained version) => File.Exists(MetaOf(store, version));

    /// <summary>Writes down which version is in production. Whoever writes last looks again afterwards, so what stays is what the log says.</summary>
    internal static async Task NameProductionAsync(this ArtifactStore store, ListModels models, CancellationToken cancel)
    {
        string? written = null;
        while ((await models.ProductionAsync(cancel: cancel)).Current?.Version is { } version && version != written)
        {
            Directory.CreateDirectory(store.Directory);
            WriteWhole(Path.Combine(store.Directory, Production), version + "\n");
            written = version;
        }
    }

    /// <summary>
    /// The greatest of the versions' folders. Two processes may each name a version at the same time: whoever writes last looks again afterwards and sees the
    /// other's folder, so the greatest stays.
    /// </summary>
    private static void NameLatest(string folder)
    {
        string? written = null;
        while (Newest(folder) is { } newest && newest != written)
        {
            WriteWhole(Path.Combine(folder, Latest), newest + "\n");
            written = newest;
        }
    }

    private static string? Newest(string folder)
        => Directory.EnumerateDirectories(folder).Select(Path.GetFileName).Where(name => ModelName.IsShort(name)).MaxBy(name => long.Parse(name.AsSpan(3)));

    private static string MetaOf(ArtifactStore store, ModelTrained version)
        => Path.Combine(store.Directory, version.Model, ModelName.Parse(version.Version).Short, "meta.json");

    /// <summary>Readers see the old text or the new one, never half of it.</summary>
    private static void WriteWhole(string path, string text)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}";
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
    }

    [JsonSourceGenerationOptions(WriteIndented = true)]
    [JsonSerializable(typeof(ModelTrained))]
    private sealed partial class MetaJson : JsonSerializerContext;
}
