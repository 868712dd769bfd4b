using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Blend;

/// <summary>
/// A movie scores the sum of what the members add for it (<see cref="MemberWeight"/>), less what they add for a movie that they score 0: with members that score by sums over
/// the history, 0 is a movie of which the history says nothing. The sum goes from the first member to the last, in double precision.
/// </summary>
internal sealed class BlendScorer : IScorer
{
    private readonly ArtifactFiles _files;
    private readonly OpenedMember[] _members;
    private readonly ColdStart _coldStart;
    private readonly ThreadLocal<MemberScores> _asked;

    /// <summary>Opens the members.</summary>
    /// <exception cref="DamagedArtifactException">The sections do not fit together, or a member cannot be opened.</exception>
    public BlendScorer(ArtifactFiles files, IReadOnlyList<IRecommender> kinds)
    {
        _files = files;
        Movies = IdMap.Of(files.Ids("movies"));
        _coldStart = ColdStart.Read(files, Movies.Count);
        _members = BlendSections.Open(files, kinds, Movies.Ids);
        _asked = new(() => new MemberScores([.. _members.Select(m => m.Scorer)], Movies.Count));
    }

    public int ScorerVersion => 1;

    public IdMap Movies { get; }

    /// <summary>True if it does for any member.</summary>
    public bool Personalizes(in UserState user)
    {
        foreach (var member in _members)
            if (member.Scorer.Personalizes(user))
                return true;
        return false;
    }

    public bool AnswersByGroup(in UserState user) => _coldStart.AnswersByGroup(user);

    public void Score(in UserState user, Span<float> scores)
    {
        scores = scores[..Movies.Count];
        if (!Personalizes(user))
        {
            _coldStart.Score(user, scores);
            return;
        }

        var asked = _asked.Value!;
        asked.Ask(user);
        var sums = asked.Sums;
        sums.Clear();
        for (var m = 0; m < _members.Length; m++)
            Add(_members[m].Weight, asked.Spread(m), asked.Of(m), sums);
        for (var movie = 0; movie < scores.Length; movie++)
            scores[movie] = (float)sums[movie];
    }

    /// <summary>
    /// What a member adds rises with its score, on average from where the score would be without the history to where it is as fast as (difference of what it adds) / (sum of its shares);
    /// so much is each of its own shares worth. The shares sum to the score where those of all members do.
    /// </summary>
    public bool Explain(in UserState user, int movie, Span<float> shares)
    {
        shares = shares[..user.Movies.Length];
        shares.Clear();
        if (!Personalizes(user))
            return false;
        var asked = _asked.Value!;
        asked.Ask(user);
        for (var m = 0; m < _members.Length; m++)
        {
            var own = asked.Shares(shares.Length);
            if (!_members[m].Scorer.Explain(user, movie, own))
                continue;
            var total = 0.0;
            foreach (var share in own)
                total += share;
            var worth = Worth(asked, m, asked.Of(m)[movie], total);
            for (var place = 0; place < shares.Length; place++)
                shares[place] += (float)(worth * own[place]);
        }

        return true;
    }

    public void Dispose()
    {
        foreach (var member in _members)
            member.Scorer.Dispose();
        _asked.Dispose();
        _files.Dispose();
    }

    private static void Add(MemberWeight weight, ScoreSpread spread, ReadOnlySpan<float> scores, Span<double> sums)
    {
        var nothing = weight.At(spread.Standard(0));
        for (var movie = 0; movie < scores.Length; movie++)
            sums[movie] += weight.At(spread.Standard(scores[movie])) - nothing;
    }

    private double Adds(MemberScores asked, int member, double score) => _members[member].Weight.At(asked.Spread(member).Standard(score));

    private double Worth(MemberScores asked, int member, double score, double total)
        => total == 0
            ? _members[member].Weight.SlopeAt(asked.Spread(member).Standard(score)) * asked.Spread(member).PerDeviation
            : (Adds(asked, member, score) - Adds(asked, member, score - total)) / total;
}
