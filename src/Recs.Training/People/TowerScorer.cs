using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.People;

/// <summary>
/// Scores by a network that makes a person's numbers at every call, from the history as it is then: a new rating counts at once. It holds no file: the parameters were copied when it
/// was opened.
/// </summary>
internal abstract unsafe class TowerScorer : IScorer
{
    /// <summary>Movies of a history whose shares are told, the newest: each costs a pass of the person's tower.</summary>
    private const int MostExplained = 48;

    private readonly ColdStart _coldStart;
    private readonly int[] _place;
    private readonly RecencyBags _recency;
    private readonly KnownGroups _groups;
    private readonly float[] _parameters;
    private readonly ConcurrentBag<Scratch> _scratch = [];

    /// <summary>A scorer.</summary>
    /// <param name="movies">Movies that it scores.</param>
    /// <param name="coldStart">Answer to strangers, over the movies that the model was fitted with.</param>
    /// <param name="place">Where each of those stands among <paramref name="movies"/>.</param>
    /// <param name="recency">Means of a history.</param>
    /// <param name="groups">Groups of people.</param>
    /// <param name="parameters">The network's, where the garbage collector does not move them.</param>
    protected TowerScorer(IdMap movies, ColdStart coldStart, int[] place, RecencyBags recency, KnownGroups groups, float[] parameters)
        => (Movies, _coldStart, _place, _recency, _groups, _parameters) = (movies, coldStart, place, recency, groups, parameters);

    /// <inheritdoc />
    public int ScorerVersion => 1;

    /// <inheritdoc />
    public IdMap Movies { get; }

    /// <summary>Instruction set of the kernels; no score depends on it.</summary>
    protected Isa Isa { get; } = InstructionSets.Chosen;

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

    /// <summary>The answer to strangers and where its movies stand, for the same model over more movies.</summary>
    protected (ColdStart Answer, int[] Place) Strangers => (_coldStart, _place);

    /// <inheritdoc />
    public bool Personalizes(in UserState user) => !user.Movies.IsEmpty;

    /// <inheritdoc />
    public bool AnswersByGroup(in UserState user) => _coldStart.AnswersByGroup(user);

    /// <inheritdoc />
    public void Score(in UserState user, Span<float> scores)
    {
        scores = scores[..Movies.Count];
        if (!Personalizes(user))
        {
            ScoreStranger(user, scores);
            return;
        }

        var scratch = Rent();
        scratch.One.Begin(1);
        scratch.One.Add(user.Movies, user.Demographics);
        fixed (float* to = scores)
            Score(scratch.Tape, scratch.One, to);
        Return(scratch);
    }

    /// <summary>The share of a movie is what the score would lack if it had never been seen. Those older than the newest 48 have none. The shares need not sum to the score.</summary>
    public bool Explain(in UserState user, int movie, Span<float> shares)
    {
        var history = user.Movies;
        shares = shares[..history.Length];
        shares.Clear();
        if (!Personalizes(user))
            return false;
        var count = Math.Min(history.Length, MostExplained);
        var scratch = Rent();
        scratch.Without.Begin(MostExplained + 1);
        for (var row = 0; row <= MostExplained; row++) // as many rows as always, so that nothing is allocated; the last is the whole history
            scratch.Without.Add(history, user.Demographics, leftOut: row < count ? history.Length - 1 - row : -1);
        var scores = stackalloc float[MostExplained + 1];
        Score(scratch.Tape, scratch.Without, movie, scores);
        for (var age = 0; age < count; age++)
            shares[^(age + 1)] = scores[MostExplained] - scores[age];
        Return(scratch);
        return true;
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

    /// <summary>A movie that came later than the model is known to nobody.</summary>
    private void ScoreStranger(in UserState user, Span<float> scores)
    {
        if (_place.Length == scores.Length)
        {
            _coldStart.Score(user, scores);
            return;
        }

        var known = ArrayPool<float>.Shared.Rent(_place.Length);
        _coldStart.Score(user, known.AsSpan(0, _place.Length));
        scores.Clear();
        for (var movie = 0; movie < _place.Length; movie++)
            scores[_place[movie]] = known[movie];
        ArrayPool<float>.Shared.Return(known);
    }

    private Scratch Rent() => _scratch.TryTake(out var free) ? free : new(NewTape(), new(_recency, _groups), new(_recency, _groups));

    private void Return(Scratch scratch)
    {
        scratch.Tape.Clear();
        _scratch.Add(scratch);
    }

    private sealed record Scratch(Tape Tape, PersonBatch One, PersonBatch Without);
}
