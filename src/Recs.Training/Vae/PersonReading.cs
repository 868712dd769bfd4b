using Recs.Training.Artifacts;
using Recs.Training.Snapshots;

namespace Recs.Training.Vae;

/// <summary>What a person is read by.</summary>
/// <param name="Scales">Weights of a history's movies.</param>
/// <param name="Genres">Genres of the movies.</param>
/// <param name="Groups">Groups of people.</param>
/// <param name="Known">By movie: whether anybody had it when the model was fitted. The others keep their place in a history, but nothing was learned of them.</param>
internal sealed record PersonReading(HistoryScales Scales, FrozenGenres Genres, PersonGroups Groups, bool[] Known)
{
    /// <summary>Freezes all but <see cref="Known"/> in an artifact.</summary>
    public void AddTo(Artifact artifact)
    {
        Scales.AddTo(artifact);
        Genres.AddTo(artifact);
        Groups.AddTo(artifact);
    }

    /// <summary>Reads what <see cref="AddTo"/> wrote.</summary>
    /// <param name="files">Artifact.</param>
    /// <param name="popularity">People with each movie.</param>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public static PersonReading Read(ArtifactFiles files, ReadOnlySpan<float> popularity)
    {
        var known = new bool[popularity.Length];
        for (var movie = 0; movie < known.Length; movie++)
            known[movie] = popularity[movie] > 0;
        return new(HistoryScales.Read(files), FrozenGenres.Read(files, known.Length), PersonGroups.Read(files), known);
    }
}

/// <summary>The genres of the movies as an artifact holds them.</summary>
/// <param name="count">Genres that there are.</param>
/// <param name="first">Place of each movie's first genre, and behind the last movie how many there are.</param>
/// <param name="all">Genres, one movie after the other.</param>
internal sealed class FrozenGenres(int count, int[] first, int[] all)
{
    private const string CountSection = "genres", FirstSection = "genre-first", AllSection = "genre";

    /// <summary>The genres of a data set.</summary>
    public FrozenGenres(MovieGenres genres) : this(genres.Names.Count, genres.First.ToArray(), genres.All.ToArray())
    {
    }

    /// <summary>Genres that there are.</summary>
    public int Count => count;

    /// <summary>A movie's genres.</summary>
    public ReadOnlySpan<int> Of(int movie) => all.AsSpan(first[movie], first[movie + 1] - first[movie]);

    /// <summary>Freezes them.</summary>
    public void AddTo(Artifact artifact)
        => artifact.Add(CountSection, (ReadOnlySpan<int>)[count]).Add(FirstSection, (ReadOnlySpan<int>)first).Add(AllSection, (ReadOnlySpan<int>)all);

    /// <summary>Reads what <see cref="AddTo"/> wrote.</summary>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public static FrozenGenres Read(ArtifactFiles files, int movies)
    {
        var count = files.Section<int>(CountSection);
        var first = files.Section<int>(FirstSection);
        var all = files.Section<int>(AllSection);
        if (count.Length != 1 || first.Length != movies + 1 || first[^1] != all.Length || all.ContainsAnyExceptInRange(0, count[0] - 1))
            throw new DamagedArtifactException(files.Path, $"{first.Length} places and {all.Length} genres are not those of {movies} movies");
        return new(count[0], first.ToArray(), all.ToArray());
    }
}
