using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Snapshots;

namespace Recs.Training.KnnBaseline;

/// <summary>
/// What to expect of a rating before any taste is known: mean + b(person) + b(movie). Both are shrunk means of what the other leaves, found in turns (alternating least
/// squares): b(movie) = sum (r - mean - b(person)) / (movie penalty + ratings), b(person) = sum (r - mean - b(movie)) / (person penalty + ratings). Koren, "Factor in the
/// Neighbors: Scalable and Accurate Collaborative Filtering", 2010, section 2.1. The person's part follows from the movies' part and their ratings alone, so it is never kept.
/// </summary>
/// <param name="Mean">Mean rating in stars.</param>
/// <param name="PersonPenalty">See above.</param>
/// <param name="OfMovie">Stars by which a movie is rated above the mean.</param>
internal sealed record Baselines(float Mean, float PersonPenalty, float[] OfMovie)
{
    /// <summary>Finds the movies' part.</summary>
    /// <param name="histories">Every person's history with ratings.</param>
    /// <param name="people">The order in which the people are gone through.</param>
    /// <param name="movies">Number of movies.</param>
    /// <param name="options">movie-penalty, person-penalty, epochs.</param>
    /// <param name="run">Cancellation.</param>
    public static Baselines Of(Histories histories, ReadOnlySpan<int> people, int movies, OptionValues options, FitRun run)
    {
        var found = new Baselines(MeanStars(histories), (float)options["person-penalty"], new float[movies]);
        var (sums, counts) = (new double[movies], new int[movies]);
        for (var epoch = 0; epoch < (int)options["epochs"]; epoch++)
        {
            run.Cancel.ThrowIfCancellationRequested();
            Array.Clear(sums);
            Array.Clear(counts);
            foreach (var person in people)
                found.AddTo(sums, counts, histories.Of(person), histories.HalfStarsOf(person), firstTime: epoch == 0);
            for (var movie = 0; movie < movies; movie++)
                found.OfMovie[movie] = counts[movie] == 0 ? 0 : (float)(sums[movie] / (options["movie-penalty"] + counts[movie]));
        }

        return found;
    }

    /// <summary>A person's part, from their ratings; 0 without one.</summary>
    /// <param name="movies">The person's movies, oldest first.</param>
    /// <param name="halfStars">Their ratings, 0 for a movie that was only watched.</param>
    public float OfPerson(ReadOnlySpan<int> movies, ReadOnlySpan<byte> halfStars)
    {
        var (sum, count) = (0.0, 0);
        for (var i = 0; i < movies.Length; i++)
        {
            if (halfStars[i] == 0)
                continue;
            sum += (halfStars[i] * 0.5) - Mean - OfMovie[movies[i]];
            count++;
        }

        return count == 0 ? 0 : (float)(sum / (PersonPenalty + count));
    }

    /// <summary>Freezes them in an artifact.</summary>
    public void AddTo(Artifact artifact) => artifact.Add("baseline", (ReadOnlySpan<float>)[Mean, PersonPenalty]).Add("movie-baseline", (ReadOnlySpan<float>)OfMovie);

    /// <summary>Reads what <see cref="AddTo(Artifact)"/> wrote.</summary>
    /// <exception cref="DamagedArtifactException">The sections are not of that shape.</exception>
    public static Baselines Read(ArtifactFiles files, int movies)
        => files.Section<float>("baseline") is [var mean, var penalty] && files.Section<float>("movie-baseline") is var ofMovie && ofMovie.Length == movies
            ? new(mean, penalty, ofMovie.ToArray())
            : throw new DamagedArtifactException(files.Path, $"its baselines are not a mean, a penalty and one number for each of {movies} movies");

    private void AddTo(double[] sums, int[] counts, ReadOnlySpan<int> movies, ReadOnlySpan<byte> halfStars, bool firstTime)
    {
        var ofPerson = firstTime ? 0 : OfPerson(movies, halfStars);
        for (var i = 0; i < movies.Length; i++)
        {
            if (halfStars[i] == 0)
                continue;
            sums[movies[i]] += (halfStars[i] * 0.5) - Mean - ofPerson;
            counts[movies[i]]++;
        }
    }

    private static float MeanStars(Histories histories)
    {
        var (sum, count) = (0L, 0);
        foreach (var halfStars in histories.HalfStars)
        {
            sum += halfStars;
            count += halfStars == 0 ? 0 : 1;
        }

        return count == 0 ? 0 : (float)(sum * 0.5 / count);
    }
}
