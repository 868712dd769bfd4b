using System.Collections;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Recs.Host.CommandLine;
using Recs.Kafka.Connecting;

namespace Recs.Host.Configuring;

/// <summary>A setting's value in force and where it came from.</summary>
internal sealed record SettingValue(Setting Setting, string Value, string Source)
{
    /// <summary>The value without its secrets.</summary>
    public string Shown => Setting.HoldsProperties ? KafkaProperties.Mask(Value) : Setting.HoldsSecret ? Secret.Mask(Value) : Value;
}

/// <summary>The settings in force: flags, then environment, then <c>recs.json</c>, then defaults.</summary>
internal sealed class Settings
{
    private const string FileName = "recs.json";
    private readonly Dictionary<Setting, SettingValue> values;

    private Settings(IEnumerable<SettingValue> values) => this.values = values.ToDictionary(v => v.Setting);

    /// <summary>Every value, in the order of <see cref="Setting.All"/>.</summary>
    public IEnumerable<SettingValue> All => Setting.All.Select(setting => values[setting]);

    /// <summary>A value as text; empty for none.</summary>
    public string this[Setting setting] => values[setting].Value;

    /// <summary>Resolves every setting from this process's surroundings.</summary>
    public static Settings Read(ParseResult parsed)
        => Resolve(setting => Flag(parsed, setting), Environment.GetEnvironmentVariables(), FindFile());

    /// <summary>Resolves every setting.</summary>
    /// <param name="flag">A setting's flag on the command line, or null.</param>
    /// <param name="environment">Variables.</param>
    /// <param name="file">Path of a <c>recs.json</c>, or null.</param>
    /// <exception cref="UsageException">The file is not an object of known names with plain values.</exception>
    public static Settings Resolve(Func<Setting, string?> flag, IDictionary environment, string? file)
    {
        var written = file is null ? [] : ReadFile(file);
        return new(Setting.All.Select(setting =>
            flag(setting) is { } given ? new SettingValue(setting, given, "flag --" + setting.Name)
            : environment[setting.Variable] is string { Length: > 0 } variable ? new(setting, variable, "environment " + setting.Variable)
            : written.TryGetValue(setting.Name, out var value) ? new(setting, value, file!)
            : new(setting, setting.Default, "default")));
    }

    /// <summary>A whole number in a range.</summary>
    /// <exception cref="UsageException">It is not one.</exception>
    public int Number(Setting setting, int least, int most)
        => int.TryParse(this[setting], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Wrong(setting, $"a whole number from {least} to {most}");

    /// <summary>One of a few words.</summary>
    /// <exception cref="UsageException">It is another.</exception>
    public string OneOf(Setting setting, params string[] words)
        => words.Contains(this[setting], StringComparer.Ordinal) ? this[setting] : throw Wrong(setting, string.Join(" or ", words.Select(w => $"'{w}'")));

    /// <summary>That a setting has a value that it cannot have, and where it came from.</summary>
    public UsageException Wrong(Setting setting, string expected)
        => new($"'{setting.Name}' is '{this[setting]}' ({values[setting].Source}); expected {expected}.");

    private static string? Flag(ParseResult parsed, Setting setting)
        => parsed.GetResult("--" + setting.Name) is OptionResult { Implicit: false, Tokens: [var token, ..] } ? token.Value : null;

    /// <summary><c>recs.json</c> of the current folder, else the one beside the home that the environment names.</summary>
    private static string? FindFile()
    {
        var folders = new[] { Environment.CurrentDirectory, Path.GetDirectoryName(Path.GetFullPath(Environment.GetEnvironmentVariable(Setting.Home.Variable) ?? Setting.Home.Default)) };
        return folders.Where(folder => folder is not null).Select(folder => Path.Combine(folder!, FileName)).FirstOrDefault(File.Exists);
    }

    private static Dictionary<string, string> ReadFile(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new UsageException($"'{path}' must be a JSON object of settings, such as {{\"port\": 8080}}.");
            var found = document.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString());
            return found.Keys.FirstOrDefault(name => Setting.All.All(s => s.Name != name)) is { } unknown
                ? throw new UsageException($"'{path}' has the unknown setting '{unknown}'. 'recs settings' lists them.")
                : found;
        }
        catch (JsonException e)
        {
            throw new UsageException($"'{path}' is not JSON: {e.Message}", e);
        }
    }
}
