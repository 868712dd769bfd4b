using Recs.Training.Evaluating.Protocols;
using Recs.Training.Popularity;
using Recs.Training.Snapshots;

namespace Recs.Training.Evaluating.Figures;

/// <summary>A part of what is judged: some of the people, or some of the movies to be found.</summary>
/// <param name="Name">What the slices are cut by.</param>
/// <param name="Value">Which one it is.</param>
/// <param name="Holds">Whether a person, asked for a movie, belongs to it.</param>
internal sealed record Slice(string Name, string Value, Func<JudgedPerson, int, bool> Holds)
{
    private const int ColdBelow = 20;
    private static readonly (int From, string Text)[] Activity =
        [(0, "0"), (1, "1-4"), (5, "5-9"), (10, "10-19"), (20, "20-49"), (50, "50-99"), (100, "100-199"), (200, "200-499"), (500, "500 and more")];
    private static readonly (int From, string Text)[] Ages =
        [(0, "under 18"), (18, "18-24"), (25, "25-34"), (35, "35-44"), (45, "45-49"), (50, "50-55"), (56, "56 and older")];

    /// <summary>
    /// The slices of what is judged, in a fixed order, empty ones included: by how many ratings were given (or by the group, where a protocol varies that), by the
    /// popularity of what is to be found, by age (in the bands of MovieLens 1M) and by gender. <c>cold</c> is left out where it would be one band of <c>activity</c>.
    /// </summary>
    /// <param name="folds">Per fold what is known of the training data, and who is judged.</param>
    /// <returns>Per fold the same slices.</returns>
    public static IReadOnlyList<IReadOnlyList<Slice>> Of(IReadOnlyList<(TrainFacts Facts, IReadOnlyList<JudgedPerson> People)> folds)
    {
        var coldBands = folds.SelectMany(f => f.People).Select(p => p.Given.Length).Where(given => given < ColdBelow).Select(given => Band(Activity, given)).Distinct().Count();
        return [.. folds.Select(fold => All(fold.Facts, fold.People, withCold: coldBands > 1))];
    }

    private static List<Slice> All(TrainFacts facts, IReadOnlyList<JudgedPerson> people, bool withCold)
    {
        var demographics = facts.Train.Demographics;
        var groups = people.Select(p => p.Group).OfType<string>().Distinct().ToList();
        return
        [
            .. groups.Select(group => new Slice("given", group, (p, _) => p.Group == group)),
            .. groups.Count > 0 ? [] : ByActivity(withCold),
            .. Enum.GetValues<PopularityClass>().Select(c => new Slice("item popularity", c.ToString().ToLowerInvariant(), (_, movie) => facts.Classes[movie] == c)),
            .. Ages.Select((band, i) => new Slice("age", band.Text, (p, _) => demographics[p.User].Age is { } age && Band(Ages, age) == i)),
            .. Genders(demographics).Select(gender => new Slice("gender", gender, (p, _) => demographics[p.User].Gender == gender)),
        ];
    }

    private static IEnumerable<Slice> ByActivity(bool withCold)
    {
        var bands = Activity.Select((band, i) => new Slice("activity", band.Text, (p, _) => Band(Activity, p.Given.Length) == i));
        return withCold ? bands.Append(new("cold", $"fewer than {ColdBelow} ratings", (p, _) => p.Given.Length < ColdBelow)) : bands;
    }

    private static IEnumerable<string> Genders(IReadOnlyList<Demographics> demographics)
        => demographics.Select(d => d.Gender).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static int Band((int From, string Text)[] bands, int value)
    {
        var band = 0;
        while (band + 1 < bands.Length && bands[band + 1].From <= value)
            band++;
        return band;
    }
}
