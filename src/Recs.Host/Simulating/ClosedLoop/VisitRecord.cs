namespace Recs.Host.Simulating.ClosedLoop;

/// <summary>A film that was opened.</summary>
/// <param name="MovieId">Movie.</param>
/// <param name="RequestId">The slate that it was opened from; null for one that the person found.</param>
/// <param name="At">When, as it was sent.</param>
internal sealed record Opened(string MovieId, string? RequestId, DateTimeOffset At);

/// <summary>A film that was watched: minutes 0 to <paramref name="Minutes"/> - 1.</summary>
/// <param name="MovieId">Movie.</param>
/// <param name="RequestId">The slate that it was opened from; null for one that the person found.</param>
/// <param name="At">When minute 0 was watched, as it was sent.</param>
/// <param name="Minutes">How many minutes were sent.</param>
/// <param name="EverySeconds">Time from one minute to the next, on the service's clock.</param>
internal sealed record Watched(string MovieId, string? RequestId, DateTimeOffset At, int Minutes, double EverySeconds);

/// <summary>A rating.</summary>
/// <param name="MovieId">Movie.</param>
/// <param name="Rating">0.5 to 5 stars in halves.</param>
/// <param name="At">When, as it was sent.</param>
internal sealed record Rated(string MovieId, double Rating, DateTimeOffset At);

/// <summary>What a person did in a visit and the service acknowledged.</summary>
internal sealed class VisitRecord
{
    /// <summary>What was opened.</summary>
    public List<Opened> Opens { get; } = [];

    /// <summary>What was watched.</summary>
    public List<Watched> Watches { get; } = [];

    /// <summary>What was rated.</summary>
    public List<Rated> Ratings { get; } = [];

    /// <summary>Whether the end of the run cut the visit short: the person would have done more.</summary>
    public bool Cut { get; set; }

    /// <summary>Whether a movie of the slate was watched because the slate showed it.</summary>
    public bool Successful => Watches.Exists(w => w.RequestId is not null);
}
