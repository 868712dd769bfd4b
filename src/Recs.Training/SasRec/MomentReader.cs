using System.Runtime.InteropServices;
using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.Scoring;

namespace Recs.Training.SasRec;

/// <summary>Reads histories one at a time, in memory that it keeps: for one caller at a time.</summary>
internal sealed unsafe class MomentReader : IHistoryReader
{
    /// <summary>Movies of a history, the most recent ones, that an explanation leaves out in turn.</summary>
    public const int Explained = 16;

    private readonly SasRecModel _model; // its parameters lie under the tape
    private readonly SasRecNetwork _network;
    private readonly KeptRows _table;
    private readonly Tape _tape;
    private readonly int[] _each;
    private readonly int[] _movies;
    private readonly int[] _sequence = [0, 0];
    private readonly float[] _moments;
    private readonly int[] _explained;
    private int _explainedLength = -1;

    /// <summary>A reader of a fitted network.</summary>
    /// <param name="isa">Instruction set; no score depends on it.</param>
    /// <param name="model">Model.</param>
    /// <param name="table">What describes each movie (<see cref="SasRecModel.Describe"/>).</param>
    public MomentReader(Isa isa, SasRecModel model, KeptRows table)
    {
        var (network, window) = (model.Network, model.Shape.Window);
        (_model, _network, _table, _tape) = (model, network, table, new(isa, (float*)Marshal.UnsafeAddrOfPinnedArrayElement(model.Parameters, 0)));
        (_each, _movies, _explained) = ([.. Enumerable.Range(0, window + 1)], new int[window], new int[window + 1]);
        _moments = new float[(1 + Explained) * network.Shape.Width];
    }

    /// <inheritdoc />
    public void Score(in UserState user, Span<float> scores)
    {
        var moment = Read(user, leftOut: -1);
        fixed (float* to = scores)
            LaneKernels.Run(_tape.Isa, new Products(moment.Value, _table.Rows, to));
        Clear();
    }

    /// <remarks>The readings of a history are kept, so that its next movie costs products alone.</remarks>
    /// <inheritdoc />
    public void Explain(in UserState user, int movie, Span<float> shares)
    {
        var count = Math.Min(Explained, user.Movies.Length);
        if (!IsExplained(user))
            ReadWithoutEach(user, count);
        var products = stackalloc float[1 + Explained];
        fixed (float* moments = _moments)
            LaneKernels.Run(_tape.Isa, new Products(_table.Rows.Part(movie, 1).Value, new(moments, null, 1 + count, _network.Shape.Width), products));
        for (var age = 0; age < count; age++)
            shares[^(age + 1)] = products[0] - products[1 + age];
        Clear();
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

    private void Clear()
    {
        _tape.Clear();
        GC.KeepAlive(_model);
        GC.KeepAlive(_table);
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
            _movies[row] = user.Movies[place];
        }

        _sequence[1] = length;
        return length == 0
            ? _network.NoMoment(_tape)
            : _network.LastMoment(_tape, _table.Rows, new(new(length, _each, _movies), new(_sequence)));
    }

    /// <summary>Whether the readings that are kept are those of a history: of its movies that are looked at, and the one before them.</summary>
    private bool IsExplained(in UserState user) => _explainedLength == Known(user) && user.Movies[^_explainedLength..].SequenceEqual(_explained.AsSpan(0, _explainedLength));

    private void Remember(in UserState user)
    {
        _explainedLength = Known(user);
        user.Movies[^_explainedLength..].CopyTo(_explained);
    }

    private int Known(in UserState user) => Math.Min(user.Movies.Length, _network.Shape.Window + 1);

    private readonly struct Products(float* vector, Node rows, float* products) : ILaneKernel
    {
        private readonly float* _vector = vector, _products = products;
        private readonly Node _rows = rows;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes> => FactorRows<TLanes>.AllDots(_vector, _rows.Value, _rows.Columns, _rows.Rows, _products);
    }
}
