namespace Recs.Training.Snapshots;

/// <summary>
/// The people of a data set in an order that says nothing about who they are: by what their histories hold, compared movie by movie, then rating by rating. Equal
/// data sets under other user ids give the same histories in the same order, so a fit that goes through the people in it gives the same bytes.
/// </summary>
internal static class AnonymousOrder
{
    /// <summary>Everyone who has a history, by dense user id; who has none is left out.</summary>
    public static int[] Of(Histories histories) => Of(histories, []);

    /// <summary>The same for a fit that reads what else is known of people: it decides between equal histories.</summary>
    /// <param name="histories">Everybody's history.</param>
    /// <param name="known">One per user; empty if nothing else is read.</param>
    public static int[] Of(Histories histories, IReadOnlyList<Demographics> known)
    {
        var people = Enumerable.Range(0, histories.Users).Where(user => !histories.Of(user).IsEmpty).ToArray();
        Array.Sort(people, (a, b) =>
        {
            var byMovies = histories.Of(a).SequenceCompareTo(histories.Of(b));
            var byRatings = byMovies != 0 ? byMovies : histories.HalfStarsOf(a).SequenceCompareTo(histories.HalfStarsOf(b));
            return byRatings != 0 || known.Count == 0 ? byRatings : Compare(known[a], known[b]);
        });
        return people;
    }

    private static int Compare(Demographics a, Demographics b)
    {
        var byGender = string.CompareOrdinal(a.Gender, b.Gender);
        var byAge = byGender != 0 ? byGender : Nullable.Compare(a.Age, b.Age);
        return byAge != 0 ? byAge : string.CompareOrdinal(a.Occupation, b.Occupation);
    }
}
