using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Training.Evaluating.Protocols;

/// <summary>
/// The protocol <c>users</c>, cold start: each person is, with a probability of one in ten, not in the training data at all. Of each one's first twenty movies the second ten
/// (or as many as there are) are to be found, five times over: when none, and when the last 1, 3, 5 and 10 of the first ten are given. What is to be found and what no
/// list may hold (the first ten) stay the same, so the figures differ by what was given and by nothing else. Who has ten movies or fewer is not judged.
/// </summary>
public sealed class HeldOutUsers : IProtocol
{
    private const int OneIn = 10;
    private const int First = 10;
    private const int Next = 10;
    private const ulong Purpose = 0x75736572; // "user"
    private static readonly int[] Givens = [0, 1, 3, 5, 10];

    /// <inheritdoc />
    public string Name => "users";
    /// <inheritdoc />
    public bool PredictsRatings => false;

    /// <inheritdoc />
    public IReadOnlyList<Split> Cut(InteractionSet ratings, ulong seed)
    {
        var random = new CounterRandom(seed, Purpose);
        var heldOut = new bool[ratings.Users.Count];
        for (var user = 0; user < heldOut.Length; user++)
            heldOut[user] = random.Below(OneIn, (ulong)user) == 0;
        var keep = new bool[ratings.Count];
        for (var i = 0; i < keep.Length; i++)
            keep[i] = !heldOut[ratings.User[i]];

        var whole = Histories.Of(ratings);
        var people = new List<JudgedPerson>();
        for (var user = 0; user < heldOut.Length; user++)
            if (heldOut[user] && whole.Of(user).Length > First)
                people.AddRange(Givens.Select(given => Judged(whole, user, given)));
        return [new(ratings.Where(keep), people)];
    }

    private static JudgedPerson Judged(Histories whole, int user, int given)
    {
        var movies = whole.Of(user);
        var halfStars = whole.HalfStarsOf(user);
        Range known = (First - given)..First, wanted = First..Math.Min(First + Next, movies.Length);
        return new(user, movies[known].ToArray(), halfStars[known].ToArray(), movies[wanted].ToArray(), halfStars[wanted].ToArray(), movies[..First].ToArray(), $"{given}");
    }
}
