using Recs.Training.Snapshots;

namespace Recs.Training.Evaluating.Protocols;

/// <summary>
/// The protocol <c>temporal</c>: one global cut by time. Models are fitted on the first 80 % of the ratings; the next 10 % are for choosing hyper-parameters and are
/// otherwise given to nobody; whoever rates in the last 10 % is judged, and all that they rate there is to be found, except for what they had rated before. Nobody's
/// list holds a movie that they rated before the judged period. People who were not there before the first cut are judged as well: they are the service's newcomers.
/// </summary>
public sealed class Temporal : IProtocol
{
    /// <inheritdoc />
    public string Name => "temporal";
    /// <inheritdoc />
    public bool PredictsRatings => false;

    /// <inheritdoc />
    public IReadOnlyList<Split> Cut(InteractionSet ratings, ulong seed)
        => [Cut(ratings, Part(ratings, 8), Part(ratings, 9), ratings.Count)];

    /// <summary>The cut that hyper-parameters are chosen on: the same fit, judged by the 10 % that follow it.</summary>
    /// <inheritdoc />
    public Split CutForTuning(InteractionSet ratings, ulong seed)
        => Cut(ratings, Part(ratings, 8), Part(ratings, 8), Part(ratings, 9));

    private static int Part(InteractionSet ratings, int tenths) => (int)(ratings.Count * (long)tenths / 10);

    private static Split Cut(InteractionSet ratings, int trained, int from, int to)
    {
        var train = Between(ratings, 0, trained);
        var (given, seen, judged) = (Histories.Of(train), Histories.Of(Between(ratings, 0, from)), Histories.Of(Between(ratings, from, to)));
        var people = new List<JudgedPerson>();
        for (var user = 0; user < judged.Users; user++)
        {
            var leftOut = seen.Of(user).ToArray();
            var places = Unseen(judged.Of(user), leftOut);
            if (places.Count == 0)
                continue;
            var (movies, halfStars) = (judged.Start(user), judged.HalfStarsOf(user).ToArray());
            people.Add(new(
                user, given.Of(user).ToArray(), given.HalfStarsOf(user).ToArray(),
                [.. places.Select(p => judged.All[movies + p])], [.. places.Select(p => halfStars[p])], leftOut));
        }

        return new(train, people);
    }

    private static List<int> Unseen(ReadOnlySpan<int> movies, int[] leftOut)
    {
        var seen = new HashSet<int>(leftOut);
        var places = new List<int>();
        for (var place = 0; place < movies.Length; place++)
            if (!seen.Contains(movies[place]))
                places.Add(place);
        return places;
    }

    private static InteractionSet Between(InteractionSet ratings, int from, int to)
    {
        var keep = new bool[ratings.Count];
        Array.Fill(keep, true, from, to - from);
        return ratings.Where(keep);
    }
}
