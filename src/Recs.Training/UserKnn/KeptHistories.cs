using Recs.Training.Artifacts;
using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Training.UserKnn;

/// <summary>
/// People's histories without their ids, in <see cref="AnonymousOrder"/>, and for each movie who has it. A person is a place in that order, which means nothing outside of the
/// artifact. Of more people than are wanted a random part is kept, so that the work of a search stays bounded.
/// </summary>
internal sealed class KeptHistories
{
    private const ulong Sampling = 0x75736572; // purpose of the draws that choose who is kept
    private readonly int[] _first;
    private readonly int[] _movie;
    private readonly int[] _firstPerson;
    private readonly int[] _person;

    private KeptHistories(int[] first, int[] movie, int[] firstPerson, int[] person) => (_first, _movie, _firstPerson, _person) = (first, movie, firstPerson, person);

    /// <summary>How many people there are.</summary>
    public int People => _first.Length - 1;

    /// <summary>One person's movies, ascending.</summary>
    public ReadOnlySpan<int> Of(int person) => _movie.AsSpan(_first[person], _first[person + 1] - _first[person]);

    /// <summary>Everyone who has a movie, ascending.</summary>
    public ReadOnlySpan<int> PeopleWith(int movie) => _person.AsSpan(_firstPerson[movie], _firstPerson[movie + 1] - _firstPerson[movie]);

    /// <summary>Whether a person has a movie that the holder of a history has not.</summary>
    /// <param name="person">Whom to ask.</param>
    /// <param name="place">Per movie its place in the history, from 1; 0 for a movie that is not in it.</param>
    public bool HasUnseen(int person, ReadOnlySpan<int> place)
    {
        foreach (var movie in Of(person))
            if (place[movie] == 0)
                return true;
        return false;
    }

    /// <summary>Keeps the histories, or so many of them at random.</summary>
    public static KeptHistories Choose(Histories histories, int movies, int most, ulong seed)
    {
        var people = Sample(AnonymousOrder.Of(histories), most, seed);
        var first = new int[people.Length + 1];
        for (var person = 0; person < people.Length; person++)
            first[person + 1] = first[person] + histories.Of(people[person]).Length;
        var movie = new int[first[^1]];
        for (var person = 0; person < people.Length; person++)
        {
            var own = movie.AsSpan(first[person], first[person + 1] - first[person]);
            histories.Of(people[person]).CopyTo(own);
            own.Sort();
        }

        var (firstPerson, byMovie) = Invert(first, movie, movies);
        return new(first, movie, firstPerson, byMovie);
    }

    /// <summary>Freezes the histories in an artifact.</summary>
    public void AddTo(Artifact artifact) => artifact
        .Add("history-first", (ReadOnlySpan<int>)_first).Add("history", (ReadOnlySpan<int>)_movie)
        .Add("people-first", (ReadOnlySpan<int>)_firstPerson).Add("people", (ReadOnlySpan<int>)_person);

    /// <summary>Reads what <see cref="AddTo"/> wrote.</summary>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public static KeptHistories Read(ArtifactFiles files, int movies)
    {
        var read = new KeptHistories(
            files.Section<int>("history-first").ToArray(), files.Section<int>("history").ToArray(), files.Section<int>("people-first").ToArray(), files.Section<int>("people").ToArray());
        return read._first is [0, ..] && read._first[^1] == read._movie.Length && read._firstPerson.Length == movies + 1 && read._firstPerson[^1] == read._person.Length
            && read._person.Length == read._movie.Length
            ? read
            : throw new DamagedArtifactException(
                files.Path, $"{read.People} people with {read._movie.Length} movies and {read._firstPerson.Length - 1} movies with {read._person.Length} people for {movies} movies");
    }

    private static int[] Sample(int[] people, int most, ulong seed)
    {
        if (people.Length <= most)
            return people;
        var random = new CounterRandom(seed, Sampling);
        return [.. Enumerable.Range(0, people.Length).OrderBy(place => random.Bits((ulong)place)).Take(most).Order().Select(place => people[place])];
    }

    private static (int[] First, int[] Person) Invert(int[] first, int[] movie, int movies)
    {
        var start = new int[movies + 1];
        foreach (var m in movie)
            start[m + 1]++;
        for (var m = 0; m < movies; m++)
            start[m + 1] += start[m];
        var (person, next) = (new int[movie.Length], start.AsSpan(0, movies).ToArray());
        for (var p = 0; p < first.Length - 1; p++)
            foreach (var m in movie.AsSpan(first[p], first[p + 1] - first[p]))
                person[next[m]++] = p;
        return (start, person);
    }
}
