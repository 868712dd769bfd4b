namespace Recs.Training.Snapshots;

/// <summary>
/// The people of a data set in an order that says nothing about who they are: by what their histories hold, compared movie by movie, then rating by rating. Equal
/// data sets under other user ids give the same histories in the same order, so a fit that goes through the people in it gives the same bytes.
/// </summary>
internal static class AnonymousOrder
{
    /// <summary>Everyone who has a history, by dense user id; who has none is left out.</summary>
    public static int[] Of(Histories histories)
    {
        var people = Enumerable.Range(0, histories.Users).Where(user => !histories.Of(user).IsEmpty).ToArray();
        Array.Sort(people, (a, b) =>
        {
            var byMovies = histories.Of(a).SequenceCompareTo(histories.Of(b));
            return byMovies != 0 ? byMovies : histories.HalfStarsOf(a).SequenceCompareTo(histories.HalfStarsOf(b));
        });
        return people;
    }
}
