using System.Collections.Concurrent;
using Recs.Training.Artifacts;
using Recs.Training.Neural;
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
    private readonly float* _values;
    private readonly ConcurrentBag<Reader> _readers = [];
    private readonly Isa _isa = InstructionSets.Chosen;

    /// <summary>Reads what the fit wrote.</summary>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public SasRecScorer(ArtifactFiles files)
    {
        _files = files;
        Movies = IdMap.Of(files.Ids("movies"));
        _coldStart = ColdStart.Read(files, Movies.Count);
        var shape = files.Section<int>("shape");
        _network = new(new(Movies.Count, shape[0], shape[1], shape[2], shape[3], shape[4]));
        _values = (float*)files.Pointer("parameters", (long)_network.Layout.Count * sizeof(float));
    }

    public int ScorerVersion => 1;

    public IdMap Movies { get; }

    public bool Personalizes(in UserState user) => !user.Movies.IsEmpty;

    public bool AnswersByGroup(in UserState user) => _coldStart.AnswersByGroup(user);

    public void Score(in UserState user, Span<float> scores)
    {
        scores = scores[..Movies.Count];
        if (!Personalizes(user))
        {
            _coldStart.Score(user, scores);
            return;
        }

        if (!_readers.TryTake(out var reader))
            reader = new(_isa, _network, _values);
        reader.Read(user, scores);
        _readers.Add(reader);
        GC.KeepAlive(_files);
    }

    public bool Explain(in UserState user, int movie, Span<float> shares)
    {
        shares[..user.Movies.Length].Clear();
        return false;
    }

    public void Dispose()
    {
        while (_readers.TryTake(out var reader))
            reader.Dispose();
        _files.Dispose();
    }

    private sealed class Reader(Isa isa, SasRecNetwork network, float* values) : IDisposable
    {
        private readonly Tape _tape = new(isa, values);

        public void Read(in UserState user, Span<float> scores)
        {
            var length = Math.Min(user.Movies.Length, network.Shape.Window);
            var first = user.Movies.Length - length;
            int[] movie = user.Movies[first..].ToArray(), rating = new int[length];
            for (var i = 0; i < length; i++)
                rating[i] = user.HalfStarsAt(first + i);
            var each = Enumerable.Range(0, length + 1).ToArray();
            var moment = network.LastMoment(_tape, new(new(each, movie), new(each, rating), new([0, length])));
            var (table, bias) = (_tape[network.Embeddings], _tape[network.Bias]);
            fixed (float* to = scores)
                LaneKernels.Run(_tape.Isa, new ScoreMovies(moment.Value, table, bias.Value, scores.Length, to));
            _tape.Clear();
        }

        public void Dispose() => _tape.Dispose();
    }

    private readonly struct ScoreMovies(float* moment, Node table, float* bias, int count, float* scores) : ILaneKernel
    {
        private readonly float* _moment = moment, _bias = bias, _scores = scores;
        private readonly Node _table = table;
        private readonly int _count = count;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            FactorRows<TLanes>.AllDots(_moment, _table.Value, _table.Columns, _count, _scores);
            for (var i = 0; i < _count; i++)
                _scores[i] += _bias[i];
        }
    }
}
