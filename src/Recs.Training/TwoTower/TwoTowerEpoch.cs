using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.People;

namespace Recs.Training.TwoTower;

/// <summary>What the network is told besides the histories.</summary>
/// <param name="Rows">Cuts per step.</param>
/// <param name="OwnDropped">Which movies have to do without their own row.</param>
/// <param name="HiddenDropped">What is dropped of the person's hidden layer.</param>
/// <param name="KnownHidden">How often gender, age or occupation counts as unknown, each by itself.</param>
internal sealed record TwoTowerTeaching(int Rows, DropoutRule OwnDropped, DropoutRule HiddenDropped, DropoutRule KnownHidden);

/// <summary>One pass over the cuts of an epoch: the next movie of each is to be told from the whole catalogue.</summary>
internal sealed unsafe class TwoTowerEpoch(TwoTowerNetwork network, HistoryCuts histories, HistoryCut[] cuts, long before, TwoTowerPart[] parts, TwoTowerTeaching teaching) : IEpoch
{
    private const int BlocksPerPart = 1 << 20; // more than a part of a step can use

    /// <inheritdoc />
    public int Steps => (cuts.Length + teaching.Rows - 1) / teaching.Rows;

    /// <inheritdoc />
    public double Loss(Tape tape, int step, int part)
    {
        var end = Math.Min(cuts.Length, (step + 1) * teaching.Rows);
        var count = end - (step * teaching.Rows);
        var first = (step * teaching.Rows) + (int)((long)count * part / GradientDescent.Parts);
        var some = cuts.AsSpan(first, (step * teaching.Rows) + (int)((long)count * (part + 1) / GradientDescent.Parts) - first);
        if (some.IsEmpty)
            return 0;
        var firstBlock = (((ulong)(before + step) * GradientDescent.Parts) + (ulong)part) * BlocksPerPart;
        var own = parts[part];
        var targets = own.Fill(histories, some, 1f / count, teaching.KnownHidden, firstBlock);
        own.Movies.DropOwn(teaching.OwnDropped, firstBlock);
        var seen = network.Movie.Seen(tape, own.Movies);
        var offered = network.Movie.Offered(tape, seen);
        var people = network.Person.Apply(tape, seen, own.People, teaching.HiddenDropped, firstBlock);
        var bias = tape.Result(1, Matrix.StrideFor(own.Movies.Count)); // none: what is popular is a direction of the vectors, so that features can tell it of a new movie
        new Span<float>(bias.Value, bias.Count).Clear();
        return CatalogueLoss.Apply(tape, people, offered, bias, own.Movies.Count, targets);
    }
}

/// <summary>Memory of one part of the steps.</summary>
/// <param name="people">Room for its people.</param>
/// <param name="movies">The movies, of which it leaves some rows aside as it likes.</param>
internal sealed class TwoTowerPart(PersonBatch people, MovieRows movies)
{
    private int[] _start = [];
    private int[] _next = [];
    private float[] _weight = [];

    /// <summary>Its people.</summary>
    public PersonBatch People => people;

    /// <summary>Its movies.</summary>
    public MovieRows Movies => movies;

    /// <summary>Takes some cuts in.</summary>
    /// <param name="histories">Whose cuts they are.</param>
    /// <param name="cuts">Cuts.</param>
    /// <param name="weight">Weight of each in the loss.</param>
    /// <param name="hidden">How often what is known of a person counts as unknown.</param>
    /// <param name="firstBlock">Number of the first block of draws.</param>
    /// <returns>What comes next.</returns>
    public Targets Fill(HistoryCuts histories, ReadOnlySpan<HistoryCut> cuts, float weight, DropoutRule hidden, ulong firstBlock)
    {
        if (_next.Length < cuts.Length)
        {
            (_start, _next, _weight) = (new int[cuts.Length + 1], new int[cuts.Length], new float[cuts.Length]);
            for (var i = 0; i < _start.Length; i++)
                _start[i] = i;
        }

        people.Begin(cuts.Length);
        for (var i = 0; i < cuts.Length; i++)
        {
            var (person, length) = cuts[i];
            var history = histories.HistoryOf(person);
            people.Add(history[..length], histories.KnownOf(person), hidden: ~hidden.Bits(firstBlock + (ulong)i));
            (_next[i], _weight[i]) = (history[length], weight);
        }

        return new(_start, _next, _weight);
    }
}
