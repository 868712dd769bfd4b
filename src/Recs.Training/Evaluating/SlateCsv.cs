using System.Globalization;
using Recs.Training.Evaluating.Protocols;
using Recs.Training.Evaluating.Ranking;

namespace Recs.Training.Evaluating;

/// <summary>
/// Writes the judged lists as CSV (<c>model,user,rank,movie,score</c>, and <c>given</c> where a protocol asks about the same user several times), so that anyone can
/// recompute the figures. A movie that was to be found stands behind all others of its score, as it is judged.
/// </summary>
internal sealed class SlateCsv
{
    private readonly TextWriter _target;
    private readonly bool _withGroup;

    /// <summary>Starts with the header line.</summary>
    public SlateCsv(TextWriter target, bool withGroup)
    {
        (_target, _withGroup) = (target, withGroup);
        _target.Write($"model,user,rank,movie,score{(withGroup ? ",given" : "")}\n");
    }

    /// <summary>Writes a model's lists, best first. Ids hold no comma and no quote.</summary>
    public void Write(string model, Split split, RankedPerson[] ranked)
    {
        for (var person = 0; person < ranked.Length; person++)
        {
            var (user, group) = (split.Train.Users[split.People[person].User], _withGroup ? "," + split.People[person].Group : "");
            var (movies, scores) = (ranked[person].Movies, ranked[person].Scores);
            for (var i = 0; i < movies.Length; i++)
                _target.Write(string.Create(CultureInfo.InvariantCulture, $"{model},{user},{i + 1},{split.Train.Movies[movies[i]]},{scores[i]:R}{group}\n"));
        }
    }
}
