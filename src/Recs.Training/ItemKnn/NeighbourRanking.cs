using Recs.Training.Popularity;
using Recs.Training.Scoring;

namespace Recs.Training.ItemKnn;

/// <summary>
/// Ranks by <see cref="NeighbourVotes"/>; somebody whose history has no votes is answered by <see cref="ColdStart"/>. What the models of neighbouring movies share as scorers.
/// </summary>
/// <param name="votes">Votes of the history.</param>
/// <param name="coldStart">Answers whoever has none.</param>
/// <param name="popularTail">Movies without a vote stand in the order of their popularity (<see cref="PopularTail"/>); else they are left at 0.</param>
internal sealed class NeighbourRanking(NeighbourVotes votes, ColdStart coldStart, bool popularTail)
{
    /// <inheritdoc cref="IScorer.Personalizes"/>
    public bool Personalizes(in UserState user) => votes.Any(user.Movies);

    /// <inheritdoc cref="IScorer.AnswersByGroup"/>
    public bool AnswersByGroup(in UserState user) => coldStart.AnswersByGroup(user);

    /// <inheritdoc cref="IScorer.Score"/>
    /// <param name="user">Who asks.</param>
    /// <param name="scores">One per movie, no longer than that.</param>
    public void Score(in UserState user, Span<float> scores)
    {
        if (!Personalizes(user))
        {
            coldStart.Score(user, scores);
            return;
        }

        votes.Score(user.Movies, scores);
        if (popularTail)
            PopularTail.Fill(scores, coldStart.Everybody);
    }

    /// <inheritdoc cref="IScorer.Explain"/>
    public bool Explain(in UserState user, int movie, Span<float> shares)
    {
        votes.Explain(user.Movies, movie, shares[..user.Movies.Length]);
        return Personalizes(user);
    }
}
