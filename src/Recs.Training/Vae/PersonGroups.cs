using Recs.Training.Artifacts;
using Recs.Training.Neural;
using Recs.Training.Popularity;
using Recs.Training.Snapshots;

namespace Recs.Training.Vae;

/// <summary>
/// The groups that somebody is of, as rows of a table: one for the gender, one for the age band, one for the occupation. Each of the three begins with a row for people of whom it is not
/// known, or whose group is too small to be told apart.
/// </summary>
internal sealed class PersonGroups
{
    private const string GendersSection = "person-genders", OccupationsSection = "person-jobs";

    /// <summary>A smaller group is left out: what its few people saw must not be read off a model, and one of them who is erased must not be missed in it.</summary>
    private const int LeastPeople = 20;

    private readonly string[] _genders;
    private readonly string[] _occupations;

    private PersonGroups(string[] genders, string[] occupations) => (_genders, _occupations) = (genders, occupations);

    /// <summary>Rows in all.</summary>
    public int Count => FirstOccupation + 1 + _occupations.Length;

    private int FirstAge => 1 + _genders.Length;
    private int FirstOccupation => FirstAge + 1 + AgeBands.Count;

    /// <summary>The groups that are large enough among some people.</summary>
    public static PersonGroups Of(IReadOnlyCollection<Demographics> people) => new(Large(people.Select(p => p.Gender)), Large(people.Select(p => p.Occupation)));

    /// <summary>Puts the rows of a person in a bag.</summary>
    public void AddTo(BagEntries bag, Demographics person)
    {
        bag.Add(1 + Place(_genders, person.Gender), 1);
        bag.Add(FirstAge + 1 + AgeBands.Of(person.Age), 1);
        bag.Add(FirstOccupation + 1 + Place(_occupations, person.Occupation), 1);
    }

    /// <summary>Freezes the names in an artifact.</summary>
    public void AddTo(Artifact artifact) => artifact.Add(GendersSection, _genders).Add(OccupationsSection, _occupations);

    /// <summary>Reads what <see cref="AddTo(Artifact)"/> wrote.</summary>
    public static PersonGroups Read(ArtifactFiles files) => new(files.Ids(GendersSection), files.Ids(OccupationsSection));

    /// <summary>Place of a name; -1 if it is not there.</summary>
    private static int Place(string[] names, string? name) => name is null ? -1 : Math.Max(-1, Array.BinarySearch(names, name, StringComparer.Ordinal));

    private static string[] Large(IEnumerable<string?> names) =>
    [
        .. names.OfType<string>().Where(name => !name.Contains('\n', StringComparison.Ordinal))
            .GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() >= LeastPeople).Select(group => group.Key).Order(StringComparer.Ordinal),
    ];
}
