using Recs.Training.Neural;

namespace Recs.Training.People;

/// <summary>One pass over the cuts of an epoch, dealt out in steps and parts: the next movie of each cut is to be told.</summary>
/// <param name="network">What is to tell it.</param>
/// <param name="histories">What is cut.</param>
/// <param name="epoch">From 0.</param>
/// <param name="rows">Cuts per step.</param>
/// <param name="hidden">How often what is known of a person counts as unknown.</param>
internal sealed class CutEpoch(INextMovie network, HistoryCuts histories, int epoch, int rows, DropoutRule hidden) : IEpoch
{
    private const int BlocksPerPart = 1 << 20; // more draws than a part of a step can use
    private readonly HistoryCut[] _cuts = histories.Of(epoch);

    /// <inheritdoc />
    public int Steps => (_cuts.Length + rows - 1) / rows;

    /// <inheritdoc />
    public double Loss(Tape tape, int step, int part)
    {
        var first = step * rows;
        var count = Math.Min(_cuts.Length - first, rows);
        int from = (int)((long)count * part / GradientDescent.Parts), to = (int)((long)count * (part + 1) / GradientDescent.Parts);
        if (from == to)
            return 0;
        var firstBlock = (((ulong)(((long)epoch * Steps) + step) * GradientDescent.Parts) + (ulong)part) * BlocksPerPart;
        var own = network.Part(part);
        own.Fill(histories, _cuts.AsSpan(first + from, to - from), 1f / count, hidden, firstBlock);
        return network.Loss(tape, part, firstBlock);
    }
}

/// <summary>A network that is to tell the next movie.</summary>
internal interface INextMovie
{
    /// <summary>Where the cuts of a part of a step go.</summary>
    /// <param name="part">0 to <see cref="GradientDescent.Parts"/> - 1.</param>
    CutPart Part(int part);

    /// <summary>The loss of the cuts that were filled into a part, its gradients left on the tape.</summary>
    /// <param name="tape">Tape that learns.</param>
    /// <param name="part">Part.</param>
    /// <param name="firstBlock">Number of the first block of draws that is this part's own in the whole training.</param>
    double Loss(Tape tape, int part, ulong firstBlock);
}
