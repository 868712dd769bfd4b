using Recs.Training.Snapshots;

namespace Recs.Training.Evaluating;

/// <summary>A data set cut for the protocol <c>leave-last-out</c>.</summary>
/// <param name="Train">What a model may see, over the same ids as the whole data set.</param>
/// <param name="Histories">The users' histories in <paramref name="Train"/>.</param>
/// <param name="HeldOut">Per user the movie to be found; -1 for a user without any rating.</param>
public sealed record LeaveLastOutSplit(InteractionSet Train, Histories Histories, IReadOnlyList<int> HeldOut);

/// <summary>
/// The protocol <c>leave-last-out</c>: every rating counts as positive; each user's last movie in log order (time, then position in the
/// source) is held out, whoever the user is; a model is fitted on all the rest and ranks every movie of the data set that the user has not
/// seen; equal scores count against it.
/// </summary>
public static class LeaveLastOut
{
    /// <summary>Name of the protocol; figures of different protocols are never compared.</summary>
    public const string Name = "leave-last-out";

    /// <summary>Cuts a data set of ratings (<see cref="InteractionSet.RatingsOnly"/>).</summary>
    /// <exception cref="InvalidDataException">There is no rating.</exception>
    public static LeaveLastOutSplit Split(InteractionSet ratings)
    {
        if (ratings.Count == 0)
            throw new InvalidDataException("The data set has no ratings: there is nothing to hold out.");
        var whole = Histories.Of(ratings);
        var heldOut = new int[ratings.Users.Count];
        for (var user = 0; user < heldOut.Length; user++)
            heldOut[user] = whole.Of(user).IsEmpty ? -1 : whole.Of(user)[^1];

        var keep = new bool[ratings.Count];
        for (var i = 0; i < keep.Length; i++)
            keep[i] = ratings.Movie[i] != heldOut[ratings.User[i]]; // also earlier ratings of the held-out movie: the model must not know it
        var train = ratings.Where(keep);
        return new(train, Histories.Of(train), heldOut);
    }

    /// <summary>The place of the held-out movie, from 1: how many unseen movies, itself included, score at least as high.</summary>
    /// <param name="scores">Scores of all movies, those of the history set to negative infinity.</param>
    /// <param name="heldOut">The movie to be found.</param>
    public static int Rank(ReadOnlySpan<float> scores, int heldOut)
    {
        var target = scores[heldOut];
        var rank = 0;
        foreach (var score in scores)
            if (score >= target)
                rank++;
        return rank;
    }
}
