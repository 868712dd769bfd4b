using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.Scoring;

namespace Recs.Training.Vae;

/// <summary>Reads people one at a time, in memory that it keeps: for one caller at a time.</summary>
internal sealed unsafe class VaeReader : IHistoryReader
{
    /// <summary>Movies of a history, the most recent ones, that an explanation leaves out in turn.</summary>
    public const int Explained = 32;

    private readonly VaeNetwork _network;
    private readonly object _owner;
    private readonly Tape _tape;
    private readonly VaeInput _one;
    private readonly VaeInput _each;

    /// <summary>A reader of a fitted network.</summary>
    /// <param name="isa">Instruction set.</param>
    /// <param name="network">Network.</param>
    /// <param name="reading">What people are read by.</param>
    /// <param name="owner">Of the memory of the parameters; kept alive.</param>
    /// <param name="parameters">The network's numbers.</param>
    public VaeReader(Isa isa, VaeNetwork network, PersonReading reading, object owner, float* parameters)
        => (_network, _owner, _tape, _one, _each) = (network, owner, new(isa, parameters), new(reading, 1), new(reading, 1 + Explained));

    /// <inheritdoc />
    public void Score(in UserState user, Span<float> scores)
    {
        _one.Clear();
        _one.Add(user);
        var code = _network.Codes(_tape, _one, default, out _);
        fixed (float* to = scores)
            LaneKernels.Run(_tape.Isa, new ScoreMovies(code.Value, _tape[_network.Embeddings], _tape[_network.Bias].Value, scores.Length, to));
        Clear();
    }

    /// <inheritdoc />
    public void Explain(in UserState user, int movie, Span<float> shares)
    {
        var count = Math.Min(Explained, user.Movies.Length);
        _each.Clear();
        _each.Add(user);
        for (var age = 0; age < count; age++)
            _each.Add(user, HiddenMovies.Only(age));
        var codes = _network.Codes(_tape, _each, default, out _);
        var embedding = _tape[_network.Embeddings].Part(movie, 1);
        var products = stackalloc float[1 + Explained];
        LaneKernels.Run(_tape.Isa, new Products(embedding.Value, codes, products));
        for (var age = 0; age < count; age++)
            shares[^(age + 1)] = products[0] - products[1 + age];
        Clear();
    }

    /// <inheritdoc />
    public void Dispose() => _tape.Dispose();

    private void Clear()
    {
        _tape.Clear();
        GC.KeepAlive(_owner);
    }

    private readonly struct ScoreMovies(float* code, Node table, float* bias, int count, float* scores) : ILaneKernel
    {
        private readonly float* _code = code, _bias = bias, _scores = scores;
        private readonly Node _table = table;
        private readonly int _count = count;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            FactorRows<TLanes>.AllDots(_code, _table.Value, _table.Columns, _count, _scores);
            for (var i = 0; i < _count; i++)
                _scores[i] += _bias[i];
        }
    }

    private readonly struct Products(float* vector, Node rows, float* products) : ILaneKernel
    {
        private readonly float* _vector = vector, _products = products;
        private readonly Node _rows = rows;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes> => FactorRows<TLanes>.AllDots(_vector, _rows.Value, _rows.Columns, _rows.Rows, _products);
    }
}
