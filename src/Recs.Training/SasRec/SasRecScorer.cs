using Recs.Training.Artifacts;
using Recs.Training.Neural;
using Recs.Training.Scoring;

namespace Recs.Training.SasRec;

/// <summary>Reads a history with the network and scores every movie as its next one. A new rating counts at once: it is a further movie of the sequence.</summary>
internal sealed unsafe class SasRecScorer : NetworkScorer
{
    private readonly ArtifactFiles _files;
    private readonly SasRecNetwork _network;
    private readonly float* _parameters;

    /// <summary>Reads what the fit wrote.</summary>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public SasRecScorer(ArtifactFiles files) : base(files)
    {
        (_files, _network) = (files, new(SasRecShape.Read(files, Movies.Count)));
        _parameters = (float*)files.Pointer(SasRecShape.Parameters, (long)_network.Layout.Count * sizeof(float));
    }

    /// <summary>True if somebody had one of the movies that are looked at when the network was learned: it knows nothing of the others.</summary>
    public override bool Personalizes(in UserState user)
    {
        foreach (var movie in user.Movies[^Math.Min(user.Movies.Length, _network.Shape.Window)..])
            if (ColdStart.Everybody[movie] > 0)
                return true;
        return false;
    }

    /// <inheritdoc />
    protected override IHistoryReader NewReader() => new MomentReader(Isa, _network, _files, _parameters);
}
