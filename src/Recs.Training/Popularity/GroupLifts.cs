using Recs.Training.Artifacts;
using Recs.Training.Snapshots;

namespace Recs.Training.Popularity;

/// <summary>
/// How much more often a group of people (a gender, an age band) has a movie than everybody does: lift(m, g) = (n(m, g) + prior) / (e(m, g) + prior), where n(m, g) counts the
/// people of the group with the movie, and e(m, g) = n(m) T(g) / T is how many there would be if the group had the taste of all (T: lengths of all histories together, T(g): of
/// the group's). The prior draws a movie that few have towards 1: the posterior mean of a relative risk under a gamma prior of mean 1 (Clayton and Kaldor, "Empirical Bayes
/// Estimates of Age-Standardized Relative Risks for Use in Disease Mapping", 1987). The counts are whole numbers, so that the order of the people cannot change a bit.
/// </summary>
internal sealed class GroupLifts
{
    /// <summary>Section that holds the lifts: one float per movie and group, genders first.</summary>
    public const string SectionName = "group-lift";

    private const string GendersSection = "genders", BandsSection = "age-bands";

    /// <summary>Best of 5, 20, 50, 100, 500 on MovieLens 1M, judged by a fifth of its people of whom a fit on others knew age and gender alone.</summary>
    private const double Prior = 50;

    /// <summary>A smaller group is left out: what its few people saw must not be read off a model, and one of them who is erased must not be missed in it.</summary>
    private const int LeastPeople = 20;

    private readonly string[] _genders;
    private readonly int[] _row; // of each age band, -1 for one that has no row
    private readonly float[] _lifts;
    private readonly int _movies;

    private GroupLifts(string[] genders, ReadOnlySpan<int> bands, float[] lifts, int movies)
    {
        (_genders, _lifts, _movies) = (genders, lifts, movies);
        _row = new int[AgeBands.Count];
        Array.Fill(_row, -1);
        for (var i = 0; i < bands.Length; i++)
            _row[bands[i]] = genders.Length + i;
    }

    /// <summary>Counts the groups and freezes their lifts in an artifact; adds nothing if no group is large enough.</summary>
    /// <param name="artifact">Receives the sections.</param>
    /// <param name="histories">Everybody's history.</param>
    /// <param name="people">What is known of each.</param>
    /// <param name="counts">People with each movie.</param>
    public static void AddTo(Artifact artifact, Histories histories, IReadOnlyList<Demographics> people, ReadOnlySpan<int> counts)
    {
        var users = Enumerable.Range(0, histories.Users).Where(user => !histories.Of(user).IsEmpty).ToList();
        var genders = Large(users.Where(user => people[user].Gender is { } gender && !gender.Contains('\n', StringComparison.Ordinal)), user => people[user].Gender!, StringComparer.Ordinal);
        var bands = Large(users.Where(user => AgeBands.Of(people[user].Age) >= 0), user => AgeBands.Of(people[user].Age), Comparer<int>.Default);
        if (genders.Count + bands.Count == 0)
            return;
        var lifts = new float[(genders.Count + bands.Count) * counts.Length];
        var row = 0;
        foreach (var group in genders.Values.Concat(bands.Values))
            Fill(lifts.AsSpan(row++ * counts.Length, counts.Length), histories, group, counts);
        artifact.Add(GendersSection, genders.Keys).Add(BandsSection, (ReadOnlySpan<int>)[.. bands.Keys]).Add(SectionName, (ReadOnlySpan<float>)lifts);
    }

    /// <summary>Reads what <see cref="AddTo"/> wrote; null if it wrote nothing, as in every artifact from before it.</summary>
    /// <exception cref="DamagedArtifactException">Not one lift per movie and group, or an age band that there is not.</exception>
    public static GroupLifts? Read(ArtifactFiles files, int movies)
    {
        if (!files.Contains(SectionName))
            return null;
        var genders = files.Ids(GendersSection);
        var bands = files.Section<int>(BandsSection);
        var lifts = files.Section<float>(SectionName);
        return lifts.Length == (long)(genders.Length + bands.Length) * movies && !bands.ContainsAnyExceptInRange(0, AgeBands.Count - 1)
            ? new(genders, bands, lifts.ToArray(), movies)
            : throw new DamagedArtifactException(files.Path, $"{lifts.Length} lifts for {genders.Length} genders, {bands.Length} age bands and {movies} movies");
    }

    /// <summary>Whether the person is of a group that has lifts.</summary>
    public bool Know(Demographics person) => OfGender(person) >= 0 || OfAge(person) >= 0;

    /// <summary>Multiplies scores by the lifts of the person's groups, that of the gender first; one that is not known changes nothing. Allocates nothing.</summary>
    public void Raise(Demographics person, Span<float> scores)
    {
        Raise(OfGender(person), scores);
        Raise(OfAge(person), scores);
    }

    private int OfGender(Demographics person) => person.Gender is { } gender ? Array.IndexOf(_genders, gender) : -1;

    private int OfAge(Demographics person) => AgeBands.Of(person.Age) is >= 0 and var band ? _row[band] : -1;

    private void Raise(int row, Span<float> scores)
    {
        if (row < 0)
            return;
        var lifts = _lifts.AsSpan(row * _movies, _movies);
        for (var movie = 0; movie < lifts.Length; movie++)
            scores[movie] *= lifts[movie];
    }

    /// <summary>The groups of at least <see cref="LeastPeople"/>, in order.</summary>
    private static SortedDictionary<TKey, List<int>> Large<TKey>(IEnumerable<int> users, Func<int, TKey> group, IComparer<TKey> order) where TKey : notnull
        => new(users.GroupBy(group).Where(g => g.Count() >= LeastPeople).ToDictionary(g => g.Key, g => g.ToList()), order);

    private static void Fill(Span<float> lifts, Histories histories, List<int> group, ReadOnlySpan<int> counts)
    {
        var (ofGroup, length) = (new int[counts.Length], 0L);
        foreach (var user in group)
        {
            length += histories.Of(user).Length;
            foreach (var movie in histories.Of(user))
                ofGroup[movie]++;
        }

        for (var movie = 0; movie < lifts.Length; movie++)
            lifts[movie] = (float)((ofGroup[movie] + Prior) / ((counts[movie] * (double)length / histories.Count) + Prior));
    }
}
