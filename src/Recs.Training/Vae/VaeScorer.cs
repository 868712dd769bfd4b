using System.Collections.Concurrent;
using Recs.Training.Artifacts;
using Recs.Training.Numerics;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Vae;

/// <summary>
/// Reads a person with the network at every call, codes without noise, and scores every movie as the next one: a new rating counts at once, and someone who was not there when the
/// model was fitted is served like everybody else. Age, gender and occupation shape the scores only beside a history; alone they are answered by the cold start that all models share.
/// </summary>
internal sealed unsafe class VaeScorer : IScorer
{
    private readonly ArtifactFiles _files;
    private readonly ColdStart _coldStart;
    private readonly PersonReading _reading;
    private readonly VaeNetwork _network;
    private readonly float* _parameters;
    private readonly ConcurrentBag<VaeReader> _readers = [];
    private readonly Isa _isa = InstructionSets.Chosen;

    /// <summary>Reads what the fit wrote.</summary>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public VaeScorer(ArtifactFiles files)
    {
        _files = files;
        Movies = IdMap.Of(files.Ids("movies"));
        _coldStart = ColdStart.Read(files, Movies.Count);
        _reading = PersonReading.Read(files, _coldStart.Everybody);
        _network = new(VaeShape.Read(files, _reading));
        _parameters = (float*)files.Pointer(VaeShape.Parameters, (long)_network.Layout.Count * sizeof(float));
    }

    public int ScorerVersion => 1;

    public IdMap Movies { get; }

    /// <summary>True if somebody had one of the movies when the network was learned: it knows nothing of the others.</summary>
    public bool Personalizes(in UserState user)
    {
        foreach (var movie in user.Movies)
            if (_reading.Known[movie])
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
    /// A share is what the movie's score would lack if the network had not been shown that movie of the history, all others keeping their weights. This is done for the most recent
    /// <see cref="VaeReader.Explained"/> movies; the shares need not sum to the score, and those of older movies are 0.
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

    private VaeReader Take() => _readers.TryTake(out var reader) ? reader : new(_isa, _network, _reading, _files, _parameters);
}
