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
    /// All slices that a data set could have, in a fixed order, empty ones included: by how many ratings were given, by the popularity of what is to be found, by age (in
    /// the bands of MovieLens 1M), by gender, and by the group where a protocol has groups.
    /// </summary>
    /// <param name="facts">Of the training data.</param>
    /// <param name="people">Who is judged.</param>
    public static IReadOnlyList<Slice> All(TrainFacts facts, IReadOnlyList<JudgedPerson> people)
    {
        var demographics = facts.Train.Demographics;
        return
        [
            .. people.Select(p => p.Group).OfType<string>().Distinct().Select(group => new Slice("given", group, (p, _) => p.Group == group)),
            .. Activity.Select((band, i) => new Slice("activity", band.Text, (p, _) => Band(Activity, p.Given.Length) == i)),
            new("cold", $"fewer than {ColdBelow} ratings", (p, _) => p.Given.Length < ColdBelow),
            .. Enum.GetValues<PopularityClass>().Select(c => new Slice("item popularity", c.ToString().ToLowerInvariant(), (_, movie) => facts.Classes[movie] == c)),
            .. Ages.Select((band, i) => new Slice("age", band.Text, (p, _) => demographics[p.User].Age is { } age && Band(Ages, age) == i)),
            .. Genders(demographics).Select(gender => new Slice("gender", gender, (p, _) => demographics[p.User].Gender == gender)),
        ];
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
