using System.Numerics;
using Recs.Training.Popularity;

namespace Recs.Training.Reranking;

/// <summary>The movies that a list is chosen from, best score first, and what their person did: all that a re-ranker sees. Memory is reused by one thread.</summary>
internal sealed class Candidates
{
    private ulong[] _genres = [];
    private double[] _wanted = [];

    /// <summary>Makes room.</summary>
    /// <param name="most">Candidates at most.</param>
    public Candidates(int most) => (Movies, Scores, Popularity, Relevance) = (new int[most], new float[most], new PopularityClass[most], new double[most]);

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }
    /// <summary>Dense ids, filled in before <see cref="Read"/>.</summary>
    public int[] Movies { get; }
    /// <summary>The model's scores, filled in before <see cref="Read"/>, none above the one before it.</summary>
    public float[] Scores { get; }
    /// <summary>Scores scaled over the candidates: 1 for the best, 0 for the last; 1 for all if they are equal.</summary>
    public double[] Relevance { get; }
    /// <summary>How popular each is.</summary>
    public PopularityClass[] Popularity { get; }
    /// <summary>Words in a set of genres.</summary>
    public int GenreWords { get; private set; }

    /// <summary>The share of each genre in the history, a movie of n genres giving 1 / n to each of them; all 0 if no movie of the history has a genre. Sums to 1 otherwise.</summary>
    public ReadOnlySpan<double> WantedGenres => _wanted.AsSpan(0, 64 * GenreWords);
    /// <summary>The share of each class of popularity in the history; all 0 if it is empty.</summary>
    public double[] WantedPopularity { get; } = new double[PopularityClasses.Count];

    /// <summary>Reads what is known of the first <paramref name="count"/> movies and of a history.</summary>
    public void Read(int count, ReadOnlySpan<int> history, IMovieTraits traits)
    {
        (Count, GenreWords) = (count, traits.GenreWords);
        if (_genres.Length < Movies.Length * GenreWords)
            (_genres, _wanted) = (new ulong[Movies.Length * GenreWords], new double[64 * GenreWords]);
        double lowest = Scores[count - 1], range = Scores[0] - lowest;
        for (var i = 0; i < count; i++)
        {
            traits.GenresOf(Movies[i]).CopyTo(_genres.AsSpan(i * GenreWords));
            Popularity[i] = traits.PopularityOf(Movies[i]);
            Relevance[i] = range > 0 ? (Scores[i] - lowest) / range : 1;
        }

        ReadHistory(history, traits);
    }

    /// <summary>A candidate's genres.</summary>
    public ReadOnlySpan<ulong> GenresOf(int candidate) => _genres.AsSpan(candidate * GenreWords, GenreWords);

    /// <summary>Jaccard index of the genres of two candidates; 1 if neither has any.</summary>
    public double Similarity(int a, int b)
    {
        var (shared, all) = (0, 0);
        for (var word = 0; word < GenreWords; word++)
        {
            var (x, y) = (_genres[(a * GenreWords) + word], _genres[(b * GenreWords) + word]);
            shared += BitOperations.PopCount(x & y);
            all += BitOperations.PopCount(x | y);
        }

        return all == 0 ? 1 : (double)shared / all;
    }

    private void ReadHistory(ReadOnlySpan<int> history, IMovieTraits traits)
    {
        Array.Clear(_wanted);
        Array.Clear(WantedPopularity);
        var counted = 0;
        foreach (var movie in history)
        {
            WantedPopularity[(int)traits.PopularityOf(movie)]++;
            counted += GenreSet.AddShares(traits.GenresOf(movie), _wanted) ? 1 : 0;
        }

        foreach (ref var share in _wanted.AsSpan())
            share /= Math.Max(1, counted);
        foreach (ref var share in WantedPopularity.AsSpan())
            share /= Math.Max(1, history.Length);
    }
}
