using Recs.Training.Fitting;
using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Vae;

/// <summary>What a network is taught, epoch after epoch: at moments of histories it reads what was seen until then, and has to tell what comes next.</summary>
/// <param name="data">Who the people are.</param>
/// <param name="histories">What they saw.</param>
/// <param name="kept">Movies that are not told.</param>
/// <param name="options">Options of <see cref="VaeRecommender"/>.</param>
/// <param name="seed">Key of every draw.</param>
internal sealed class VaeLesson(InteractionSet data, Histories histories, KeptBack kept, OptionValues options, ulong seed)
{
    private const ulong Offsets = 2, Hidden = 3, Forgotten = 4, Dropped = 5, Noise = 6, Order = 16; // purposes of draws; of Order one per epoch
    private const double HorizonsTold = 3; // past 3 horizons a weight is below 5 % of the first
    private readonly bool _tellsNext = options["next"] != 0;
    private readonly int[] _seen = histories.All.ToArray();
    private readonly CounterRandom _forgetting = new(seed, Forgotten);
    private readonly HistoryCuts _cuts = new(histories, [.. AnonymousOrder.Of(histories).Where(user => kept.Learned(user) > 1)], kept.Learned, new(seed, Offsets));
    private readonly float[] _next =
    [
        .. Enumerable.Range(0, Math.Max(1, (int)(HorizonsTold * options["horizon"])))
            .Select(place => place == 0 ? 1 : (float)DeterministicMath.Exp(-place / options["horizon"])),
    ];

    /// <summary>Rows of a step.</summary>
    public int Batch { get; } = (int)options["batch"];
    /// <summary>Movies of a history that are hidden from the network, so that it has to tell them from the others.</summary>
    public DropoutRule Hiding { get; } = new(new(seed, Hidden), options["hide"]);
    /// <summary>Numbers of the hidden layer that are dropped.</summary>
    public DropoutRule Dropping { get; } = new(new(seed, Dropped), options["dropout"]);
    /// <summary>Noise of the codes.</summary>
    public NormalNoise Normal { get; } = new(new(seed, Noise));

    /// <summary>Whose moments an epoch learns from, in the order that was drawn for it; as many in every epoch.</summary>
    public HistoryCut[] Rows(int epoch)
    {
        IReadOnlyList<HistoryCut> rows = _tellsNext ? _cuts.Of(epoch, (int)options["block"]) : _cuts.Whole();
        var draws = new CounterRandom(seed, Order + (ulong)epoch);
        return [.. Enumerable.Range(0, rows.Count).Select(i => (Key: draws.Bits((ulong)i), i)).Order().Select(row => rows[row.i])];
    }

    /// <summary>What is read.</summary>
    /// <param name="cut">Who, and when.</param>
    /// <param name="row">Number of the row in the whole training: key of whether it is forgotten who the person is.</param>
    public UserState State(HistoryCut cut, long row)
    {
        var forgotten = _forgetting.Below(1 << 20, (ulong)row) < options["forget"] * (1 << 20);
        return new(histories.Of(cut.User)[..cut.Length], histories.HalfStarsOf(cut.User)[..cut.Length], forgotten ? default : data.Demographics[cut.User]);
    }

    /// <summary>Adds what should be told to a row: the movies that come next with weights that sum to a share, or those that were read.</summary>
    public void Tell(HistoryCut cut, float share, BagEntries told)
    {
        var history = histories.Of(cut.User);
        var movies = _tellsNext ? history[cut.Length..Math.Min(kept.Learned(cut.User), cut.Length + _next.Length)] : history[..cut.Length];
        var sum = 0f;
        for (var place = 0; place < movies.Length; place++)
            sum += _tellsNext ? _next[place] : 1;
        for (var place = 0; place < movies.Length; place++)
            told.Add(movies[place], share * (_tellsNext ? _next[place] : 1) / sum);
        told.EndRow();
    }

    /// <summary>
    /// The movies that a person had seen at each of some moments: they are not told apart from what comes next, since nobody is offered them again. Null for a network that says again what
    /// it read, and so has to tell just these.
    /// </summary>
    public LeftOutMovies? Seen(ReadOnlySpan<HistoryCut> cuts)
    {
        if (!_tellsNext)
            return null;
        int[] from = new int[cuts.Length], to = new int[cuts.Length];
        for (var row = 0; row < cuts.Length; row++)
        {
            from[row] = histories.Start(cuts[row].User);
            to[row] = from[row] + cuts[row].Length;
        }

        return new(_seen, from, to);
    }

    /// <summary>What a unit of divergence costs in a step: it rises evenly to the option's over the given share of the training (Bowman et al., 2016; Liang et al., 2018).</summary>
    /// <param name="step">From 0.</param>
    /// <param name="steps">Steps of the training.</param>
    public double Price(long step, long steps) => options["kl"] * Math.Min(1, (step + 1) / Math.Max(1, options["anneal"] * steps));
}
