using Recs.Training.Artifacts;
using Recs.Training.Numerics;

namespace Recs.Training.RatingFactors;

/// <summary>What a rating model keeps of its fit: how each movie is rated, and by whom in terms of factors. There is no row of anybody.</summary>
internal sealed unsafe class MovieSide
{
    private const string FactorsSection = "movie-factors";
    private const string BiasSection = "movie-bias";

    private MovieSide(int count, int width, float* factors, float* bias)
    {
        Count = count;
        Width = width;
        Factors = factors;
        Bias = bias;
    }

    /// <summary>Number of movies.</summary>
    public int Count { get; }
    /// <summary>Numbers per row of factors, a multiple of 16.</summary>
    public int Width { get; }
    /// <summary>First factor of movie 0; valid as long as the files are open.</summary>
    public float* Factors { get; }
    /// <summary>Stars that movie 0 is rated above the mean; valid as long as the files are open.</summary>
    public float* Bias { get; }

    /// <summary>A movie's row of factors.</summary>
    public float* Row(int movie) => Factors + ((nint)movie * Width);

    /// <summary>Freezes factors and biases in an artifact; the factors of movies that nobody rated become 0, which is the answer of ridge regression to no data.</summary>
    /// <param name="artifact">Receives the sections.</param>
    /// <param name="ratings">Ratings per movie.</param>
    /// <param name="factors">One row per movie.</param>
    /// <param name="bias">One per movie.</param>
    /// <param name="unrated">Bias of movies that nobody rated.</param>
    public static void AddTo(Artifact artifact, int[] ratings, float[] factors, float[] bias, float unrated = 0)
    {
        var width = factors.Length / ratings.Length;
        for (var movie = 0; movie < ratings.Length; movie++)
        {
            if (ratings[movie] > 0)
                continue;
            factors.AsSpan(movie * width, width).Clear();
            bias[movie] = unrated;
        }

        artifact.Add(FactorsSection, (ReadOnlySpan<float>)factors).Add(BiasSection, (ReadOnlySpan<float>)bias);
    }

    /// <summary>Reads what <see cref="AddTo"/> wrote.</summary>
    /// <param name="files">The version's files.</param>
    /// <param name="movies">Number of movies.</param>
    /// <exception cref="DamagedArtifactException">A section is missing or does not fit the movies.</exception>
    public static MovieSide Read(ArtifactFiles files, int movies)
    {
        var width = files.Section<float>(FactorsSection).Length / Math.Max(movies, 1);
        if (width == 0 || width % Lanes.Count != 0)
            throw new DamagedArtifactException(files.Path, $"section '{FactorsSection}' has rows of {width} numbers, not of a multiple of {Lanes.Count}");
        return new(
            movies,
            width,
            (float*)files.Pointer(FactorsSection, (long)movies * width * sizeof(float)),
            (float*)files.Pointer(BiasSection, (long)movies * sizeof(float)));
    }
}
