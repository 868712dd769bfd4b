using Recs.Training.Snapshots;

namespace Recs.Training.Evaluating.Protocols;

/// <summary>
/// The protocol <c>leave-last-out</c>: every rating counts as positive; each user's last movie in time is held out, whoever the user is; a model is fitted on all the
/// rest and ranks every movie of the data set that the user has not rated. Hyper-parameters are chosen on the second-last movie.
/// </summary>
public sealed class LeaveLastOut : IProtocol
{
    /// <inheritdoc />
    public string Name => "leave-last-out";
    /// <inheritdoc />
    public bool PredictsRatings => false;

    /// <inheritdoc />
    public IReadOnlyList<Split> Cut(InteractionSet ratings, ulong seed)
    {
        var whole = Histories.Of(ratings);
        var last = new int[ratings.Users.Count];
        for (var user = 0; user < last.Length; user++)
            last[user] = whole.Of(user).IsEmpty ? -1 : whole.Of(user)[^1];

        var keep = new bool[ratings.Count];
        for (var i = 0; i < keep.Length; i++)
            keep[i] = ratings.Movie[i] != last[ratings.User[i]]; // also earlier ratings of the held-out movie: the model must not know it
        var train = ratings.Where(keep);
        var histories = Histories.Of(train);
        var people = new List<JudgedPerson>(last.Length);
        for (var user = 0; user < last.Length; user++)
        {
            if (last[user] < 0)
                continue;
            var given = histories.Of(user).ToArray();
            people.Add(new(user, given, histories.HalfStarsOf(user).ToArray(), [last[user]], [whole.HalfStarsOf(user)[^1]], given));
        }

        return [new(train, people)];
    }
}
