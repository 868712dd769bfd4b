using Recs.Training.Neural;

namespace Recs.Training.Vae;

/// <summary>One epoch of a lesson: its rows in steps, each step dealt out evenly to the parts.</summary>
internal sealed class VaeEpoch : IEpoch
{
    private const int HiddenBlocks = 16; // as a power of two: blocks of drawn bits for the history of one row
    private const int PartDraws = 32; // as a power of two: more noise than any part can use
    private readonly VaeNetwork _network;
    private readonly PersonReading _reading;
    private readonly VaeLesson _lesson;
    private readonly int _epoch;
    private readonly int _epochs;
    private readonly HistoryCut[] _rows;
    private readonly (VaeInput Input, BagEntries Told)?[] _used = new (VaeInput, BagEntries)?[GradientDescent.Parts]; // a part is at work on one step at a time

    /// <summary>Draws the rows.</summary>
    /// <param name="network">Network.</param>
    /// <param name="reading">What people are read by.</param>
    /// <param name="lesson">What is taught.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="epochs">Epochs of the training.</param>
    public VaeEpoch(VaeNetwork network, PersonReading reading, VaeLesson lesson, int epoch, int epochs)
        => (_network, _reading, _lesson, _epoch, _epochs, _rows) = (network, reading, lesson, epoch, epochs, lesson.Rows(epoch));

    /// <inheritdoc />
    public int Steps => (_rows.Length + _lesson.Batch - 1) / _lesson.Batch;

    /// <summary>Steps before this epoch.</summary>
    public long Before => (long)_epoch * Steps;

    /// <inheritdoc />
    public double Loss(Tape tape, int step, int part)
    {
        var first = step * _lesson.Batch;
        var count = Math.Min(_lesson.Batch, _rows.Length - first);
        int from = (int)((long)count * part / GradientDescent.Parts), to = (int)((long)count * (part + 1) / GradientDescent.Parts);
        if (to == from)
            return 0;
        var (input, told) = Room(part, to - from);
        for (var row = first + from; row < first + to; row++)
            Read(row, 1f / count, input, told);
        var draw = ((((ulong)(Before + step)) * GradientDescent.Parts) + (ulong)part) << PartDraws;
        var noise = new VaeNoise(_lesson.Normal, draw, (float)(_lesson.Price(Before + step, (long)_epochs * Steps) / count), _lesson.Dropping, draw);
        var codes = _network.Codes(tape, input, noise, out var cost);
        var rows = told.Rows;
        var next = new Targets(rows.Start, rows.Which, rows.Weights!) { LeftOut = _lesson.Seen(_rows.AsSpan(first + from, to - from)) };
        return cost + CatalogueLoss.Apply(tape, codes, tape[_network.Embeddings], tape[_network.Bias], _network.Shape.Movies, next);
    }

    private (VaeInput Input, BagEntries Told) Room(int part, int rows)
    {
        if (_used[part] is not { } room || room.Input.Count != rows)
            _used[part] = room = (new(_reading, rows), new());
        room.Input.Clear();
        room.Told.Begin(rows);
        return room;
    }

    private void Read(int row, float share, VaeInput input, BagEntries told)
    {
        var number = ((long)_epoch * _rows.Length) + row;
        var state = _lesson.State(_rows[row], number);
        input.Add(state, new HiddenMovies(_lesson.Hiding, (ulong)number << HiddenBlocks));
        _lesson.Tell(_rows[row], share, told);
    }
}
