using Recs.Training.Artifacts;
using Recs.Training.Neural;
using Recs.Training.Scoring;

namespace Recs.Training.Vae;

/// <summary>
/// Reads a person with the network at every call, codes without noise, and scores every movie as the next one: a new rating counts at once, and someone who was not there when the
/// model was fitted is served like everybody else. Age, gender and occupation shape the scores only beside a history; alone they are answered by the cold start that all models share.
/// </summary>
internal sealed unsafe class VaeScorer : NetworkScorer
{
    private readonly ArtifactFiles _files;
    private readonly PersonReading _reading;
    private readonly VaeNetwork _network;
    private readonly float* _parameters;

    /// <summary>Reads what the fit wrote.</summary>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public VaeScorer(ArtifactFiles files) : base(files)
    {
        (_files, _reading) = (files, PersonReading.Read(files, ColdStart.Everybody));
        _network = new(VaeShape.Read(files, _reading));
        _parameters = (float*)files.Pointer(VaeShape.Parameters, (long)_network.Layout.Count * sizeof(float));
    }

    /// <summary>True if somebody had one of the movies when the network was learned: it knows nothing of the others.</summary>
    public override bool Personalizes(in UserState user)
    {
        foreach (var movie in user.Movies)
            if (_reading.Known[movie])
                return true;
        return false;
    }

    /// <inheritdoc />
    protected override IHistoryReader NewReader() => new VaeReader(Isa, _network, _reading, _files, _parameters);
}
