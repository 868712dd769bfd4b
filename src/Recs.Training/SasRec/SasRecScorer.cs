using System.Collections.Concurrent;
using Recs.Training.Artifacts;
using Recs.Training.Numerics;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.SasRec;

/// <summary>Reads a history with the network and scores every movie as its next one. A new rating counts at once: it is a further movie of the sequence.</summary>
internal sealed unsafe class SasRecScorer : IScorer
{
    private readonly ArtifactFiles _files;
    private readonly ColdStart _coldStart;
    private readonly SasRecNetwork _network;
    private readonly float* _parameters;
    private readonly ConcurrentBag<MomentReader> _readers = [];
    private readonly Isa _isa = InstructionSets.Chosen;

    /// <summary>Reads what the fit wrote.</summary>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public SasRecScorer(ArtifactFiles files)
    {
        _files = files;
        Movies = IdMap.Of(files.Ids("movies"));
        _coldStart = ColdStart.Read(files, Movies.Count);
        _network = new(SasRecShape.Read(files, Movies.Count));
        _parameters = (float*)files.Pointer(SasRecShape.Parameters, (long)_network.Layout.Count * sizeof(float));
    }

    public int ScorerVersion => 1;

    public IdMap Movies { get; }

    /// <summary>True if somebody had one of the movies that are looked at when the network was learned: it knows nothing of the others.</summary>
    public bool Personalizes(in UserState user)
    {
        foreach (var movie in user.Movies[^Math.Min(user.Movies.Length, _network.Shape.Window)..])
            if (_coldStart.Everybody[movie] > 0)
                return true;
        return false;
    }

    public bool AnswersByGroup(in UserState user) => _coldStart.AnswersByGroup(user);

    public void Score(in UserState user, Span<float> scores)
    {
        scores = scores[..Movies.Count];
        if (!Personalizes(user))
        {
            _coldStart.Score(user, scores);
            return;
        }

        var reader = Take();
        reader.Score(user, scores);
        _readers.Add(reader);
    }

    /// <summary>
    /// A share is what the movie's score would lack if the person had not seen that movie of the history: the network reads the history once more without it. This is done for the most recent
    /// <see cref="MomentReader.Explained"/> movies; the shares need not sum to the score, and those of older movies are 0.
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

    public void Dispose()
    {
        while (_readers.TryTake(out var reader))
            reader.Dispose();
        _files.Dispose();
    }

    private MomentReader Take() => _readers.TryTake(out var reader) ? reader : new(_isa, _network, _files, _parameters);
}
