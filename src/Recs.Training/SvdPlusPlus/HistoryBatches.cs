using Recs.Training.Numerics;
using Recs.Training.RatingFactors;
using Recs.Training.Snapshots;

namespace Recs.Training.SvdPlusPlus;

/// <summary>A movie in the history of a person of a batch.</summary>
/// <param name="Movie">Dense movie id.</param>
/// <param name="Member">Which member of the batch.</param>
/// <param name="Rating">Place of the rating in the table; -1 if the movie was only watched.</param>
internal readonly record struct Occurrence(int Movie, int Member, int Rating);

/// <summary>
/// People dealt at random to batches of 16, those without a rating left out. A batch is learned from in two phases: its members, each from the movies as they
/// are, then its movies, each from all members who have it. In a phase nobody waits for another, so the result does not depend on the threads.
/// </summary>
internal sealed class HistoryBatches
{
    /// <summary>Members of a batch at most: part of the arithmetic. With more the steps of the most popular movies, all from the same place, become too long.</summary>
    public const int Size = 16;

    private readonly int[] _user;
    private readonly int[] _first;
    private readonly Occurrence[] _occurrences;

    private HistoryBatches(int[] user, int[] first, Occurrence[] occurrences) => (_user, _first, _occurrences) = (user, first, occurrences);

    /// <summary>Number of batches.</summary>
    public int Count => _first.Length - 1;

    /// <summary>The members of a batch, dense user ids.</summary>
    public ReadOnlySpan<int> Members(int batch) => _user.AsSpan(batch * Size, Math.Min(Size, _user.Length - (batch * Size)));

    /// <summary>A share of a batch's occurrences, ordered by movie and member. No two shares have a movie in common.</summary>
    /// <param name="batch">Which batch.</param>
    /// <param name="share">Which share.</param>
    /// <param name="shares">How many shares there are; changes no bit.</param>
    public ReadOnlySpan<Occurrence> Share(int batch, int share, int shares)
    {
        var all = _occurrences.AsSpan(_first[batch], _first[batch + 1] - _first[batch]);
        var (from, to) = (Boundary(all, share, shares), Boundary(all, share + 1, shares));
        return all[from..to];
    }

    /// <summary>Deals the people.</summary>
    /// <param name="histories">Every person's history.</param>
    /// <param name="ratings">Their ratings.</param>
    /// <param name="random">The deal.</param>
    public static HistoryBatches Of(Histories histories, RatingTable ratings, CounterRandom random)
    {
        int[] user = [.. Enumerable.Range(0, histories.Users).Where(u => ratings.First[u] < ratings.First[u + 1]).OrderBy(u => random.Bits((ulong)u))];
        var first = new int[((user.Length + Size - 1) / Size) + 1];
        var occurrences = new Occurrence[user.Sum(u => histories.Of(u).Length)];
        var end = 0;
        for (var member = 0; member < user.Length; member++)
        {
            var rating = ratings.First[user[member]];
            var history = histories.Of(user[member]);
            var halfStars = histories.HalfStarsOf(user[member]);
            for (var place = 0; place < history.Length; place++)
                occurrences[end++] = new(history[place], member % Size, halfStars[place] == 0 ? -1 : rating++);
            first[(member / Size) + 1] = end;
        }

        for (var batch = 0; batch + 1 < first.Length; batch++)
            Array.Sort(occurrences, first[batch], first[batch + 1] - first[batch], ByMovie);
        return new(user, first, occurrences);
    }

    private static Comparer<Occurrence> ByMovie { get; } = Comparer<Occurrence>.Create((a, b) => a.Movie != b.Movie ? a.Movie.CompareTo(b.Movie) : a.Member.CompareTo(b.Member));

    /// <summary>Where a share begins: the even cut, moved on to the next movie.</summary>
    private static int Boundary(ReadOnlySpan<Occurrence> all, int share, int shares)
    {
        var cut = (int)((long)all.Length * share / shares);
        while (cut > 0 && cut < all.Length && all[cut].Movie == all[cut - 1].Movie)
            cut++;
        return cut;
    }
}
