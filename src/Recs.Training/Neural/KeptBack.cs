using Recs.Training.Numerics;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Neural;

/// <summary>Scores every movie for a person, as a network under way would.</summary>
internal delegate void ScoreHistory(in UserState user, Span<float> scores);

/// <summary>
/// The last movie of every 32nd person, which a network does not learn from: how well it tells them is the validation of the learning curve. So few that what is not learned from them
/// does not show in any figure.
/// </summary>
internal sealed class KeptBack
{
    private const int OneOf = 32;
    private const int K = 10;
    private readonly Histories _histories;
    private readonly IReadOnlyList<Demographics>? _known;
    private readonly int[] _people;
    private readonly HashSet<int> _kept;

    /// <summary>Chooses.</summary>
    /// <param name="histories">Histories.</param>
    /// <param name="people">Whose, in an order that says nothing about who they are. Those with two movies or fewer have none to spare.</param>
    /// <param name="known">What else is known of each user, for a network that reads it.</param>
    public KeptBack(Histories histories, int[] people, IReadOnlyList<Demographics>? known = null)
    {
        (_histories, _known, IsEmpty) = (histories, known, people.Length == 0);
        _people = [.. people.Where((user, place) => place % OneOf == OneOf - 1 && histories.Of(user).Length > 2)];
        _kept = [.. _people];
    }

    /// <summary>Whether there is nobody to learn from.</summary>
    public bool IsEmpty { get; }

    /// <summary>How many movies of a person's history are learned from.</summary>
    public int Learned(int user) => _histories.Of(user).Length - (_kept.Contains(user) ? 1 : 0);

    /// <summary>NDCG@10 of the movies kept back, among all that each person has not seen before; null if nothing is kept back.</summary>
    /// <param name="movies">Movies of the catalogue.</param>
    /// <param name="score">Asked for each of the people.</param>
    public double? Judge(int movies, ScoreHistory score)
    {
        if (_people.Length == 0)
            return null;
        var scores = new float[movies];
        var sum = 0.0;
        foreach (var user in _people)
        {
            score(new(_histories.Of(user)[..^1], _histories.HalfStarsOf(user)[..^1], _known?[user] ?? default), scores);
            var rank = Rank(scores, _histories.Of(user));
            sum += rank > K ? 0 : DeterministicMath.Log(2) / DeterministicMath.Log(rank + 1); // the curve is part of the artifact, so its bits must be the same everywhere
        }

        return sum / _people.Length;
    }

    private static int Rank(Span<float> scores, ReadOnlySpan<int> history)
    {
        var target = scores[history[^1]];
        SlateRanking.LeaveOut(scores, history);
        var rank = 1;
        foreach (var score in scores)
            rank += score >= target ? 1 : 0;
        return rank;
    }
}
