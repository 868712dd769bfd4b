using System.Globalization;

namespace Recs.Training.Reranking;

/// <summary>A re-ranker and how much it counts: <c>dpp:0.5</c>.</summary>
/// <param name="Name">One of <see cref="Rerankers.Names"/>.</param>
/// <param name="Weight">What it counts against relevance, above 0 and at most 1; the scores count 1 less this.</param>
public sealed record RerankChoice(string Name, double Weight)
{
    /// <summary>Whether there is such a re-ranker and the weight is in range.</summary>
    public bool IsKnown => Rerankers.Names.Contains(Name) && Weight is > 0 and <= 1;

    /// <summary>Reads <c>name:weight</c>.</summary>
    /// <exception cref="ArgumentException">It is not of that form, there is no such re-ranker, or the weight is out of range; the message says what was expected.</exception>
    public static RerankChoice Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(':');
        return parts.Length == 2 && double.TryParse(parts[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight)
            && new RerankChoice(parts[0], weight) is { IsKnown: true } choice
            ? choice
            : throw new ArgumentException($"'{text}' is not NAME:WEIGHT with one of the re-rankers {string.Join(", ", Rerankers.Names)} and a weight above 0 and at most 1, such as dpp:0.5.");
    }

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} {Weight}");
}
