using System.Globalization;

namespace Recs.Training.Fitting;

/// <summary>Checked values for every option of a recommender, defaults filled in.</summary>
public sealed class OptionValues
{
    private readonly SortedDictionary<string, double> _values;

    private OptionValues(SortedDictionary<string, double> values) => _values = values;

    /// <summary>Checks what was given and fills in the defaults.</summary>
    /// <param name="descriptions">The recommender's options.</param>
    /// <param name="given">Invariant text by name; null for all defaults.</param>
    /// <exception cref="ArgumentException">An unknown name, not a number, or out of range; the message names the option and its range.</exception>
    public static OptionValues Parse(IReadOnlyList<OptionDescription> descriptions, IReadOnlyDictionary<string, string>? given = null)
    {
        var values = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var option in descriptions)
            values[option.Name] = option.Default;
        foreach (var (name, text) in given ?? new Dictionary<string, string>())
        {
            var option = descriptions.FirstOrDefault(d => string.Equals(d.Name, name, StringComparison.Ordinal))
                ?? throw new ArgumentException($"Unknown option '{name}'. Options: {(descriptions.Count == 0 ? "none" : string.Join(", ", descriptions.Select(d => d.Name)))}.");
            values[name] = Check(option, text);
        }

        return new(values);
    }

    /// <summary>An option's value.</summary>
    public double this[string name] => _values[name];

    /// <summary>Every value as shortest invariant text that reads back to the same number, by name in ordinal order.</summary>
    public IReadOnlyDictionary<string, string> ToText()
        => new SortedDictionary<string, string>(_values.ToDictionary(v => v.Key, v => v.Value.ToString("R", CultureInfo.InvariantCulture)), StringComparer.Ordinal);

    /// <summary>Whether a text is a value that an option may have.</summary>
    internal static bool IsAllowed(OptionDescription option, string text, out double value)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && value >= option.Minimum && value <= option.Maximum && (!option.Whole || value == Math.Floor(value));

    private static double Check(OptionDescription option, string text)
        => IsAllowed(option, text, out var value)
            ? value
            : throw new ArgumentException(
                $"Option '{option.Name}' is '{text}', but must be a {(option.Whole ? "whole " : "")}number from {option.Minimum} to {option.Maximum} ({option.Meaning}).");
}
