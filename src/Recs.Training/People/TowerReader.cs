using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.Scoring;

namespace Recs.Training.People;

/// <summary>
/// Reads a history with a network, and scores movies: a person's numbers are made at every call, from the history as it is then, so that a new rating counts at once. Safe for any number of
/// callers; allocates nothing once it has met the longest history and the most callers.
/// </summary>
internal abstract unsafe class TowerReader : IHistoryReader
{
    /// <summary>Movies of a history whose shares are told, the newest: each costs a pass of the person's tower.</summary>
    public const int MostExplained = 48;

    private readonly RecencyBags _recency;
    private readonly KnownGroups _groups;
    private readonly float[] _parameters;
    private readonly ConcurrentBag<Scratch> _scratch = [];

    /// <summary>A reader.</summary>
    /// <param name="recency">Means of a history.</param>
    /// <param name="groups">Groups of people.</param>
    /// <param name="parameters">The network's, where the garbage collector does not move them.</param>
    protected TowerReader(RecencyBags recency, KnownGroups groups, float[] parameters) => (_recency, _groups, _parameters) = (recency, groups, parameters);

    /// <summary>Instruction set of the kernels; no score depends on it.</summary>
    protected Isa Isa { get; init; } = InstructionSets.Chosen;

    /// <summary>Scores every movie for one person.</summary>
    /// <param name="tape">Tape that does not learn.</param>
    /// <param name="person">A batch of one.</param>
    /// <param name="scores">One per movie.</param>
    protected abstract void Score(Tape tape, PersonBatch person, float* scores);

    /// <summary>Scores one movie for several people.</summary>
    /// <param name="tape">Tape that does not learn.</param>
    /// <param name="people">People.</param>
    /// <param name="movie">Movie.</param>
    /// <param name="scores">One per person.</param>
    protected abstract void Score(Tape tape, PersonBatch people, int movie, float* scores);

    /// <summary>Scores every movie.</summary>
    /// <param name="user">Somebody with a history.</param>
    /// <param name="scores">One per movie.</param>
    public void Score(in UserState user, Span<float> scores)
    {
        var scratch = Rent();
        scratch.One.Begin(1);
        scratch.One.Add(user.Movies, user.Demographics);
        fixed (float* to = scores)
            Score(scratch.Tape, scratch.One, to);
        Return(scratch);
    }

    /// <summary>What a movie's score would lack if one of the history had never been seen, for each of the newest <see cref="MostExplained"/>.</summary>
    /// <param name="user">Somebody with a history.</param>
    /// <param name="movie">Movie that is scored.</param>
    /// <param name="shares">One per movie of the history; those of older movies are left alone.</param>
    public void Explain(in UserState user, int movie, Span<float> shares)
    {
        var history = user.Movies;
        var count = Math.Min(history.Length, MostExplained);
        var scratch = Rent();
        scratch.Without.Begin(MostExplained + 1);
        for (var row = 0; row <= MostExplained; row++) // as many rows as always, so that nothing is allocated; the last is the whole history
            scratch.Without.Add(history, user.Demographics, leftOut: row < count ? history.Length - 1 - row : -1);
        var scores = stackalloc float[MostExplained + 1];
        Score(scratch.Tape, scratch.Without, movie, scores);
        for (var age = 0; age < count; age++)
            shares[history.Length - 1 - age] = scores[MostExplained] - scores[age];
        Return(scratch);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        while (_scratch.TryTake(out var scratch))
            scratch.Tape.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A tape over the parameters.</summary>
    protected Tape NewTape() => new(Isa, (float*)Marshal.UnsafeAddrOfPinnedArrayElement(_parameters, 0));

    private Scratch Rent() => _scratch.TryTake(out var free) ? free : new(NewTape(), new(_recency, _groups), new(_recency, _groups));

    private void Return(Scratch scratch)
    {
        scratch.Tape.Clear();
        _scratch.Add(scratch);
    }

    private sealed record Scratch(Tape Tape, PersonBatch One, PersonBatch Without);
}
