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
internal sealed class BlendScorer : ICatalogueScorer
{
    private readonly ArtifactFiles _files;
    private readonly BlendScorer? _fitted; // over the movies of the fit alone, if this knows more
    private readonly OpenedMember[] _members;
    private readonly ColdStart _coldStart;
    private readonly int[]? _place; // of the movies of the fit among more
    private readonly ThreadLocal<MemberScores> _asked;

    /// <summary>Opens the members.</summary>
    /// <exception cref="DamagedArtifactException">The sections do not fit together, or a member cannot be opened.</exception>
    public BlendScorer(ArtifactFiles files, IReadOnlyList<IRecommender> kinds)
    {
        _files = files;
        Movies = IdMap.Of(files.Ids("movies"));
        _coldStart = ColdStart.Read(files, Movies.Count);
        _members = BlendSections.Open(files, kinds, Movies.Ids);
        _asked = new(() => new MemberScores(_members, Movies.Count));
    }

    private BlendScorer(BlendScorer fitted, IReadOnlyList<IScorer> wider)
    {
        (_fitted, _files, _coldStart) = (fitted, fitted._files, fitted._coldStart);
        Movies = IdMap.Of(wider.SelectMany(scorer => scorer.Movies.Ids).Distinct(StringComparer.Ordinal));
        _place = [.. fitted.Movies.Ids.Select(Movies.Find)];
        _members = [.. fitted._members.Select((member, m) => member with { Scorer = wider[m], Widened = new(Movies, wider[m].Movies, fitted.Movies) })];
        _asked = new(() => new MemberScores(_members, Movies.Count));
    }

    /// <summary>2 since members that can do so score movies that came after the training.</summary>
    public int ScorerVersion => _members.Any(member => member.Scorer is ICatalogueScorer) ? 2 : 1;

    public IdMap Movies { get; }

    /// <summary>Adds the movies that any member can score by what the catalogue says of them. To the others such a movie is one of which the history says nothing.</summary>
    public ICatalogueScorer Over(IEnumerable<CatalogueMovie> movies)
    {
        var catalogue = movies.ToList();
        IScorer[] wider = [.. _members.Select(member => member.Scorer is ICatalogueScorer scorer ? scorer.Over(catalogue) : member.Scorer)];
        return wider.Index().All(w => ReferenceEquals(w.Item, _members[w.Index].Scorer)) ? this : new BlendScorer(this, wider);
    }

    /// <summary>True if it does for any member.</summary>
    public bool Personalizes(in UserState user)
    {
        foreach (var answer in _asked.Value!.Answers)
            if (answer.Personalizes(user))
                return true;
        return false;
    }

    public bool AnswersByGroup(in UserState user) => _coldStart.AnswersByGroup(user);

    public void Score(in UserState user, Span<float> scores)
    {
        scores = scores[..Movies.Count];
        if (!Personalizes(user))
        {
            _coldStart.Score(user, scores, _place);
            return;
        }

        var asked = _asked.Value!;
        asked.Ask(user);
        var sums = asked.Sums;
        sums.Clear();
        foreach (var answer in asked.Answers)
            answer.AddTo(sums);
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
        foreach (var answer in asked.Answers)
            answer.AddShares(user, movie, shares);
        return true;
    }

    /// <summary>Closes the members. What a wider scorer shares with the one over the movies of the fit stays open for that one.</summary>
    public void Dispose()
    {
        for (var m = 0; m < _members.Length; m++)
            if (!ReferenceEquals(_members[m].Scorer, _fitted?._members[m].Scorer))
                _members[m].Scorer.Dispose();
        _asked.Dispose();
        if (_fitted is null)
            _files.Dispose();
    }
}
