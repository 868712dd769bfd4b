using System.Runtime.InteropServices;
using Recs.Projections.UserHistory;

namespace Recs.Projections.Popularity;

/// <summary>Counts of one movie, hour or day; sums are whole numbers, so the order of adding cannot show.</summary>
internal struct Counts
{
    public long Ratings;
    public long RatingThousandths;
    public long Minutes;
    public long Opens;
    public readonly long Events => Ratings + Minutes + Opens;

    public void Add(UserFact fact, double rating)
    {
        switch (fact)
        {
            case UserFact.Rated:
                Ratings++;
                RatingThousandths += (long)Math.Round(rating * 1000);
                break;
            case UserFact.Watched: Minutes++; break;
            case UserFact.Opened: Opens++; break;
        }
    }
}

/// <summary>Counts of one movie.</summary>
internal sealed class MovieCounts
{
    public Counts AllTime;
    public Dictionary<long, Counts> Hours { get; } = [];
    public Dictionary<int, long> Days { get; } = [];

    /// <summary>Drops what is older than the given hour and day.</summary>
    public void Prune(long firstHour, int firstDay)
    {
        foreach (var hour in Hours.Keys)
            if (hour < firstHour)
                Hours.Remove(hour);
        foreach (var day in Days.Keys)
            if (day < firstDay)
                Days.Remove(day);
    }
}

/// <summary>
/// Counts a run of events: a batch, or the whole log. Merging the counts of the parts gives the counts of the whole: adding commutes, the clock
/// only rises, and what is dropped as too old for the clock now would be dropped by any later clock too.
/// </summary>
internal sealed class PopularityCounts
{
    /// <summary>Hours kept per movie: the longest window.</summary>
    public const int Hours = 720;
    /// <summary>Days kept per movie: 24 half-lives.</summary>
    public const int Days = 720;
    /// <summary>Events between two prunings, so that a long log does not pile up old hours.</summary>
    private const int PruneEvery = 1_000_000;

    private readonly IdPool ids = new();
    private readonly Dictionary<string, MovieCounts> movies = new(ReferenceEqualityComparer.Instance);
    private int sincePruned;

    public IReadOnlyDictionary<string, MovieCounts> Movies => movies;
    public Dictionary<int, Counts> Activity { get; } = [];
    /// <summary>Greatest time counted; null before the first event.</summary>
    public DateTimeOffset? Clock { get; private set; }

    /// <summary>First hour (since 1970) that is kept.</summary>
    public static long FirstHour(DateTimeOffset clock) => HourOf(clock) - Hours + 1;
    /// <summary>First day (since 1970) that is kept.</summary>
    public static int FirstDay(DateTimeOffset clock) => DayOf(clock) - Days + 1;

    public void Add(UserFact fact, ReadOnlySpan<byte> data)
    {
        if (fact is not (UserFact.Rated or UserFact.Watched or UserFact.Opened)) return;
        var body = UserEventBody.Read(fact, data, ids);
        if (body.Blank) return;
        if (Clock is not { } clock || body.At > clock) Clock = clock = body.At.ToUniversalTime();

        ref var movie = ref CollectionsMarshal.GetValueRefOrAddDefault(movies, body.MovieId!, out _);
        movie ??= new();
        movie.AllTime.Add(fact, body.Rating);
        var (hour, day) = (HourOf(body.At), DayOf(body.At));
        CollectionsMarshal.GetValueRefOrAddDefault(Activity, day, out _).Add(fact, body.Rating);
        if (day >= FirstDay(clock)) CollectionsMarshal.GetValueRefOrAddDefault(movie.Days, day, out _)++;
        if (hour >= FirstHour(clock)) CollectionsMarshal.GetValueRefOrAddDefault(movie.Hours, hour, out _).Add(fact, body.Rating);
        if (++sincePruned >= PruneEvery) Prune();
    }

    /// <summary>Drops what the clock has left behind.</summary>
    public void Prune()
    {
        sincePruned = 0;
        if (Clock is not { } clock) return;
        foreach (var movie in movies.Values) movie.Prune(FirstHour(clock), FirstDay(clock));
    }

    private static long HourOf(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerHour - DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerHour;
    private static int DayOf(DateTimeOffset at) => (int)(at.UtcTicks / TimeSpan.TicksPerDay - DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerDay);
}
