using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.Scoring;

namespace Recs.Training.SasRec;

/// <summary>Reads histories one at a time, in memory that it keeps: for one caller at a time.</summary>
internal sealed unsafe class MomentReader : IHistoryReader
{
    /// <summary>Movies of a history, the most recent ones, that an explanation leaves out in turn.</summary>
    public const int Explained = 16;

    private readonly SasRecNetwork _network;
    private readonly object _owner;
    private readonly Tape _tape;
    private readonly int[] _each;
    private readonly int[] _movies;
    private readonly int[] _ratings;
    private readonly int[] _sequence = [0, 0];
    private readonly float[] _moments;
    private readonly int[] _explained;
    private int _explainedLength = -1;

    /// <summary>A reader of a fitted network.</summary>
    /// <param name="isa">Instruction set.</param>
    /// <param name="network">Network.</param>
    /// <param name="owner">Of the memory of the parameters; kept alive.</param>
    /// <param name="parameters">The network's numbers.</param>
    public MomentReader(Isa isa, SasRecNetwork network, object owner, float* parameters)
    {
        var window = network.Shape.Window;
        (_network, _owner, _tape) = (network, owner, new(isa, parameters));
        (_each, _movies, _ratings, _explained) = ([.. Enumerable.Range(0, window + 1)], new int[window], new int[window], new int[2 * (window + 1)]);
        _moments = new float[(1 + Explained) * network.Shape.Width];
    }

    /// <inheritdoc />
    public void Score(in UserState user, Span<float> scores)
    {
        var moment = Read(user, leftOut: -1);
        fixed (float* to = scores)
            LaneKernels.Run(_tape.Isa, new ScoreMovies(moment.Value, _tape[_network.Embeddings], _tape[_network.Bias].Value, scores.Length, to));
        Clear();
    }

    /// <remarks>The readings of a history are kept, so that its next movie costs products alone.</remarks>
    /// <inheritdoc />
    public void Explain(in UserState user, int movie, Span<float> shares)
    {
        var count = Math.Min(Explained, user.Movies.Length);
        if (!IsExplained(user))
            ReadWithoutEach(user, count);
        var embedding = _tape[_network.Embeddings].Value + ((nint)movie * _network.Shape.Width);
        var products = stackalloc float[1 + Explained];
        fixed (float* moments = _moments)
            LaneKernels.Run(_tape.Isa, new Products(embedding, moments, _network.Shape.Width, 1 + count, products));
        for (var age = 0; age < count; age++)
            shares[^(age + 1)] = products[0] - products[1 + age];
        GC.KeepAlive(_owner);
    }

    /// <inheritdoc />
    public void Dispose() => _tape.Dispose();

    private void ReadWithoutEach(in UserState user, int count)
    {
        _explainedLength = -1; // until all is read
        for (var age = -1; age < count; age++)
        {
            var moment = Read(user, age < 0 ? -1 : user.Movies.Length - 1 - age);
            new Span<float>(moment.Value, moment.Columns).CopyTo(_moments.AsSpan((age + 1) * moment.Columns));
            Clear();
        }

        Remember(user);
    }

    /// <summary>The moment after the last movie, as if one movie had never been seen.</summary>
    private Node Read(in UserState user, int leftOut)
    {
        var available = user.Movies.Length - (leftOut < 0 ? 0 : 1);
        var length = Math.Min(available, _network.Shape.Window);
        var place = user.Movies.Length;
        for (var row = length - 1; row >= 0; row--)
        {
            place -= place - 1 == leftOut ? 2 : 1;
            (_movies[row], _ratings[row]) = (user.Movies[place], user.HalfStarsAt(place));
        }

        _sequence[1] = length;
        return length == 0
            ? _network.NoMoment(_tape)
            : _network.LastMoment(_tape, new(new(length, _each, _movies), new(length, _each, _ratings), new(_sequence)));
    }

    private void Clear()
    {
        _tape.Clear();
        GC.KeepAlive(_owner);
    }

    /// <summary>Whether the readings that are kept are those of a history: of its movies and ratings that are looked at, and the one before them.</summary>
    private bool IsExplained(in UserState user)
    {
        var known = Known(user);
        if (_explainedLength != known)
            return false;
        for (var i = 0; i < known; i++)
        {
            var place = user.Movies.Length - 1 - i;
            if (_explained[2 * i] != user.Movies[place] || _explained[(2 * i) + 1] != user.HalfStarsAt(place))
                return false;
        }

        return true;
    }

    private void Remember(in UserState user)
    {
        var known = Known(user);
        for (var i = 0; i < known; i++)
        {
            var place = user.Movies.Length - 1 - i;
            (_explained[2 * i], _explained[(2 * i) + 1]) = (user.Movies[place], user.HalfStarsAt(place));
        }

        _explainedLength = known;
    }

    private int Known(in UserState user) => Math.Min(user.Movies.Length, _network.Shape.Window + 1);

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

    private readonly struct Products(float* vector, float* rows, int width, int count, float* products) : ILaneKernel
    {
        private readonly float* _vector = vector, _rows = rows, _products = products;
        private readonly int _width = width, _count = count;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes> => FactorRows<TLanes>.AllDots(_vector, _rows, _width, _count, _products);
    }
}
