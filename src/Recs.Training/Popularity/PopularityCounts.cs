using Recs.Training.Artifacts;
using Recs.Training.Snapshots;

namespace Recs.Training.Popularity;

/// <summary>How many users have each movie in their history: the popularity model, and the cold-start answer of every other one.</summary>
internal static class PopularityCounts
{
    /// <summary>Name of the section that holds them, one int32 per movie.</summary>
    public const string SectionName = "popularity";

    /// <summary>Counts users per movie.</summary>
    public static int[] Count(Histories histories, int movies)
    {
        var counts = new int[movies];
        foreach (var movie in histories.All)
            counts[movie]++;
        return counts;
    }

    /// <summary>Reads the counts as scores; exact, since a count of users stays below 2^24 or loses only the order of near-equals far past it.</summary>
    /// <exception cref="DamagedArtifactException">Not one count per movie.</exception>
    public static float[] Scores(ArtifactFiles files, int movies)
    {
        var counts = files.Section<int>(SectionName);
        if (counts.Length != movies)
            throw new DamagedArtifactException(files.Path, $"{counts.Length} popularity counts for {movies} movies");
        var scores = new float[movies];
        for (var movie = 0; movie < movies; movie++)
            scores[movie] = counts[movie];
        return scores;
    }
}
