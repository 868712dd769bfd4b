using System.Collections.Concurrent;
using Recs.Training.Artifacts;
using Recs.Training.Numerics;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Neural;

/// <summary>
/// Scores by a network for whoever it knows something of, and by popularity for everybody else. A reader serves one caller at a time, so there are as many of them as there were
/// callers at once.
/// </summary>
internal abstract class NetworkScorer : IScorer
{
    private readonly ArtifactFiles? _files;
    private readonly int[]? _place;
    private readonly ConcurrentBag<IHistoryReader> _readers = [];

    /// <summary>Reads movies and cold start of an artifact, which is held as long as the scorer is: readers may point into it.</summary>
    /// <exception cref="DamagedArtifactException">Not one number per movie.</exception>
    protected NetworkScorer(ArtifactFiles files)
    {
        (_files, Movies) = (files, IdMap.Of(files.Ids("movies")));
        ColdStart = ColdStart.Read(files, Movies.Count);
    }

    /// <summary>A scorer that needs no file any more.</summary>
    /// <param name="movies">Movies that it scores.</param>
    /// <param name="coldStart">Answer to people of whom the network knows nothing.</param>
    /// <param name="place">Where each movie that the cold start knows stands among <paramref name="movies"/>; null if they are the same.</param>
    protected NetworkScorer(IdMap movies, ColdStart coldStart, int[]? place = null) => (Movies, ColdStart, _place) = (movies, coldStart, place);

    /// <inheritdoc />
    public int ScorerVersion => 1;

    /// <inheritdoc />
    public IdMap Movies { get; }

    /// <summary>Answer to people of whom the network knows nothing, over the movies that the model was fitted with.</summary>
    protected ColdStart ColdStart { get; }

    /// <summary>Instruction set of the kernels; no score depends on it.</summary>
    protected Isa Isa { get; } = InstructionSets.Chosen;

    /// <inheritdoc />
    public abstract bool Personalizes(in UserState user);

    /// <inheritdoc />
    public bool AnswersByGroup(in UserState user) => ColdStart.AnswersByGroup(user);

    /// <inheritdoc />
    public void Score(in UserState user, Span<float> scores)
    {
        scores = scores[..Movies.Count];
        if (!Personalizes(user))
        {
            ColdStart.Score(user, scores, _place);
            return;
        }

        var reader = Take();
        reader.Score(user, scores);
        _readers.Add(reader);
    }

    /// <summary>
    /// A share is what the movie's score would lack without that movie of the history, which the network reads once more for it. This is done for the most recent movies alone: the shares
    /// of older ones are 0, and they need not sum to the score.
    /// </summary>
    public bool Explain(in UserState user, int movie, Span<float> shares)
    {
        shares = shares[..user.Movies.Length];
        shares.Clear();
        if (!Personalizes(user))
            return false;
        var reader = Take();
        reader.Explain(user, movie, shares);
        _readers.Add(reader);
        return true;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        while (_readers.TryTake(out var reader))
            reader.Dispose();
        _files?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A further reader of the network.</summary>
    protected abstract IHistoryReader NewReader();

    /// <summary>Where each movie that the cold start knows stands among others.</summary>
    protected int[] PlacesIn(IdMap all) => [.. (_place ?? Enumerable.Range(0, Movies.Count)).Select(place => all.Find(Movies[place]))];

    private IHistoryReader Take() => _readers.TryTake(out var reader) ? reader : NewReader();
}
