using System.Globalization;
using Recs.Commands.Simulating;
using Recs.Host.CommandLine;

namespace Recs.Host.Simulating.People;

/// <summary>A change of the simulated world: what a drift detector should find.</summary>
/// <param name="Kind"><c>tastes</c> (all are drawn anew), <c>popularity</c> (films of a genre, or new ones, come into fashion) or <c>volume</c> (visits become more or fewer).</param>
/// <param name="What">The genre that comes into fashion, or <c>new</c>; null where the kind needs none or the seed is to choose.</param>
/// <param name="Factor">Factor of the volume; 1 for other kinds.</param>
/// <param name="At">When, as a share of the run, 0 to below 1.</param>
internal sealed record Shift(string Kind, string? What, double Factor, double At)
{
    /// <summary>What <c>popularity</c> names new films by.</summary>
    public const string New = "new";

    private const double MostVolume = 100;
    private const string Expected = "Expected tastes@0.5, popularity@0.5, popularity:Comedy@0.5, popularity:new@0.5, volume@0.5 or volume:0.5@0.5, several joined by commas: what shifts, to what, and at which share of the run.";

    /// <summary>Reads shifts that are joined by commas.</summary>
    /// <exception cref="UsageException">One is not of that form.</exception>
    public static IReadOnlyList<Shift> Parse(string text)
        => [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(One).OrderBy(s => s.At)];

    /// <summary>Fills in what the seed is to choose.</summary>
    /// <param name="random">The simulation's randomness.</param>
    /// <param name="index">Place among the shifts.</param>
    /// <param name="genres">Genres of the catalogue.</param>
    /// <exception cref="UsageException">The catalogue has no such genre.</exception>
    public Shift Resolve(CounterRandom random, int index, IReadOnlyList<string> genres)
    {
        if (Kind != "popularity" || What == New) return this;
        if (What is null) return this with { What = random.Below(genres.Count + 1, Purpose.Shift, index) is var chosen && chosen < genres.Count ? genres[chosen] : New };
        return genres.FirstOrDefault(g => g.Equals(What, StringComparison.OrdinalIgnoreCase)) is { } genre
            ? this with { What = genre }
            : throw new UsageException($"--shift popularity: the service has no genre '{What}'. It has: {string.Join(", ", genres)}; or 'new' for new films.");
    }

    /// <summary>What holds at a share of the run, after all shifts up to it.</summary>
    public static Mood MoodAt(IEnumerable<Shift> shifts, double share)
        => shifts.Where(s => s.At <= share).Aggregate(new Mood(), (mood, shift) => shift.Kind switch
        {
            "tastes" => mood with { Epoch = mood.Epoch + 1 },
            "volume" => mood with { Volume = mood.Volume * shift.Factor },
            _ => shift.What == New ? mood with { NewOnes = true } : mood with { Genre = shift.What },
        });

    private static Shift One(string text)
    {
        var (what, share) = Cut(text, '@');
        var (kind, value) = Cut(what, ':');
        if (!double.TryParse(share, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var at) || at >= 1)
            throw new UsageException($"--shift '{text}': the part after '@' is a share of the run from 0 to below 1. {Expected}");
        return (kind, value) switch
        {
            ("tastes", null) => new(kind, null, 1, at),
            ("popularity", _) => new(kind, value, 1, at),
            ("volume", null) => new(kind, null, 2, at),
            ("volume", _) when double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor) && factor is > 0 and <= MostVolume => new(kind, null, factor, at),
            _ => throw new UsageException($"--shift '{text}' is not understood. {Expected}"),
        };
    }

    private static (string Before, string? After) Cut(string text, char at) => text.IndexOf(at) is >= 0 and var cut ? (text[..cut], text[(cut + 1)..]) : (text, null);
}
