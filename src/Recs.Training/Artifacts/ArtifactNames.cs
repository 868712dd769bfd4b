using System.Text.Json;
using System.Text.Json.Serialization;
using Recs.Contracts.Registry;

namespace Recs.Training.Artifacts;

/// <summary>The names by which people and scripts find an artifact: <c>{model}/v0.N/meta.json</c> and <c>{model}/latest.txt</c>. The log decides, these only tell.</summary>
public static partial class ArtifactNames
{
    /// <summary>Writes the names of a version.</summary>
    public static void Name(this ArtifactStore store, ModelTrained version)
    {
        var (model, shortName) = Registry.ModelName.Parse(version.Version);
        var folder = Path.Combine(store.Directory, model);
        Directory.CreateDirectory(Path.Combine(folder, shortName));
        WriteWhole(Path.Combine(folder, shortName, "meta.json"), JsonSerializer.Serialize(version, MetaJson.Default.ModelTrained) + "\n");
        var latest = Path.Combine(folder, "latest.txt");
        if (!File.Exists(latest) || Number(File.ReadAllText(latest)) <= Number(shortName))
            WriteWhole(latest, shortName + "\n");
    }

    private static int Number(string shortName) => int.TryParse(shortName.Trim().AsSpan()[Math.Min(3, shortName.Trim().Length)..], out var number) ? number : 0;

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
