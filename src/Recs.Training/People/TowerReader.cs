using System.Runtime.InteropServices;
using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.Scoring;

namespace Recs.Training.People;

/// <summary>Reads a history with the tower of people: one caller at a time.</summary>
internal abstract unsafe class TowerReader : IHistoryReader
{
    /// <summary>Movies of a history whose shares are told, the newest: each costs a pass of the person's tower.</summary>
    public const int MostExplained = 48;

    private readonly float[] _parameters;
    private readonly Tape _tape;
    private readonly PersonBatch _one;
    private readonly PersonBatch _without;

    /// <summary>A reader.</summary>
    /// <param name="isa">Instruction set; no score depends on it.</param>
    /// <param name="recency">Means of a history.</param>
    /// <param name="groups">Groups of people.</param>
    /// <param name="parameters">The network's, where the garbage collector does not move them.</param>
    protected TowerReader(Isa isa, RecencyBags recency, KnownGroups groups, float[] parameters)
        => (_parameters, _tape, _one, _without)
            = (parameters, new(isa, (float*)Marshal.UnsafeAddrOfPinnedArrayElement(parameters, 0)), new(recency, groups), new(recency, groups));

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

    /// <inheritdoc />
    public void Score(in UserState user, Span<float> scores)
    {
        _one.Begin(1);
        _one.Add(user.Movies, user.Demographics);
        fixed (float* to = scores)
            Score(_tape, _one, to);
        Clear();
    }

    /// <inheritdoc />
    public void Explain(in UserState user, int movie, Span<float> shares)
    {
        var history = user.Movies;
        var count = Math.Min(history.Length, MostExplained);
        _without.Begin(MostExplained + 1);
        for (var row = 0; row <= MostExplained; row++) // as many rows as always, so that nothing is allocated; the last is the whole history
            _without.Add(history, user.Demographics, leftOut: row < count ? history.Length - 1 - row : -1);
        var scores = stackalloc float[MostExplained + 1];
        Score(_tape, _without, movie, scores);
        for (var age = 0; age < count; age++)
            shares[history.Length - 1 - age] = scores[MostExplained] - scores[age];
        Clear();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _tape.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Clear()
    {
        _tape.Clear();
        GC.KeepAlive(_parameters);
    }
}
