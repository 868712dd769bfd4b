using Recs.Training.Artifacts;
using Recs.Training.Neural;
using Recs.Training.Popularity;
using Recs.Training.Snapshots;

namespace Recs.Training.People;

/// <summary>
/// The rows of a table that stand for what is known of a person: one for each gender, age band and occupation that enough people of the data set have, and one each for "unknown".
/// </summary>
internal sealed class KnownGroups
{
    /// <summary>Rows per person: gender, age band, occupation.</summary>
    public const int PerPerson = 3;

    private const string GendersSection = "known-genders", OccupationsSection = "occupations";
    private const int LeastPeople = 20; // what fewer people have must not be read off a model: they count as unknown

    private readonly string[] _genders;
    private readonly string[] _occupations;

    private KnownGroups(string[] genders, string[] occupations) => (_genders, _occupations) = (genders, occupations);

    /// <summary>Rows of the table.</summary>
    public int Rows => 1 + _genders.Length + 1 + AgeBands.Count + 1 + _occupations.Length;

    /// <summary>The groups of a data set.</summary>
    /// <param name="known">What is known of each person who has a history.</param>
    public static KnownGroups Of(IReadOnlyCollection<Demographics> known) => new(Large(known.Select(k => k.Gender)), Large(known.Select(k => k.Occupation)));

    /// <summary>Reads what <see cref="AddTo"/> wrote.</summary>
    public static KnownGroups Read(ArtifactFiles files) => new(files.Ids(GendersSection), files.Ids(OccupationsSection));

    /// <summary>Freezes the groups in an artifact.</summary>
    public void AddTo(Artifact artifact) => artifact.Add(GendersSection, _genders).Add(OccupationsSection, _occupations);

    /// <summary>Adds a person as a row of bags.</summary>
    /// <param name="person">What is known.</param>
    /// <param name="hidden">Bits 0, 1 and 2: gender, age or occupation counts as unknown all the same.</param>
    /// <param name="to">Receives the rows.</param>
    public void AddRow(Demographics person, int hidden, BagEntries to)
    {
        to.Add((hidden & 1) != 0 ? 0 : 1 + Find(_genders, person.Gender), 1);
        var first = 1 + _genders.Length;
        to.Add(first + ((hidden & 2) != 0 ? 0 : 1 + AgeBands.Of(person.Age)), 1);
        first += 1 + AgeBands.Count;
        to.Add(first + ((hidden & 4) != 0 ? 0 : 1 + Find(_occupations, person.Occupation)), 1);
        to.EndRow();
    }

    private static int Find(string[] names, string? name) => name is null ? -1 : Math.Max(-1, Array.BinarySearch(names, name, StringComparer.Ordinal));

    private static string[] Large(IEnumerable<string?> names)
        => [.. names.OfType<string>().Where(name => !name.Contains('\n', StringComparison.Ordinal)).GroupBy(name => name, StringComparer.Ordinal)
            .Where(group => group.Count() >= LeastPeople).Select(group => group.Key).Order(StringComparer.Ordinal)];
}
