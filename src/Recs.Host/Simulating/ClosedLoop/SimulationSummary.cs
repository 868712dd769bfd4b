namespace Recs.Host.Simulating.ClosedLoop;

/// <summary>A figure of the slates that were served, beside what it would be with others.</summary>
/// <param name="Seen">What happened; null where the expectation is all.</param>
/// <param name="Expected">What is expected of the slates that were served.</param>
/// <param name="Random">What is expected of slates drawn at random.</param>
/// <param name="Best">What is expected of the best possible slates.</param>
internal sealed record Yardstick(double? Seen, double? Expected, double? Random, double? Best);

/// <summary>What a simulation did.</summary>
/// <param name="Seed">Seed.</param>
/// <param name="Users">People.</param>
/// <param name="Rate">Visits a second that were asked for.</param>
/// <param name="Minutes">Length that was asked for.</param>
/// <param name="Pace">How much faster than the service's clock people lived.</param>
/// <param name="Ended"><c>done</c>, <c>interrupted</c> or <c>service gone</c>.</param>
/// <param name="Seconds">How long it took, until the last visit ended.</param>
/// <param name="Visits">Visits that began.</param>
/// <param name="VisitsPerSecond">How many a second, real time, as long as visits began.</param>
/// <param name="Skipped">Visits that were due and did not begin: too many were under way, or their person was still busy when the run ended. With any the run cannot be repeated exactly.</param>
/// <param name="Cut">Visits that the end of the run cut short.</param>
/// <param name="Slates">Slates that were served.</param>
/// <param name="Opens">Films that were opened.</param>
/// <param name="Watches">Films that were watched.</param>
/// <param name="WatchedMinutes">Their minutes, each a fact of its own.</param>
/// <param name="Ratings">Ratings.</param>
/// <param name="Finds">Searches and looks at what is popular.</param>
/// <param name="Refused">Requests that the service refused.</param>
/// <param name="Refusals">Those by reason.</param>
/// <param name="PushedBack">Attempts that met 429, 503 or no service, and were made again.</param>
/// <param name="P50Ms">Half of the slates came within so many milliseconds, waiting for a turn and further attempts included.</param>
/// <param name="P99Ms">99 of 100 slates did.</param>
/// <param name="Success">Share of slates of which a film was watched because the slate showed it.</param>
/// <param name="Rating">Mean expected rating of the films in a slate, stars.</param>
/// <param name="ExpectedOpened">Expected share of slates of which a film is opened.</param>
internal sealed record SimulationSummary(
    ulong Seed, int Users, double Rate, double Minutes, double Pace, string Ended, double Seconds, int Visits, double VisitsPerSecond, int Skipped, int Cut, int Slates, int Opens, int Watches,
    long WatchedMinutes, int Ratings, int Finds, int Refused, IReadOnlyDictionary<string, int> Refusals, int PushedBack, double? P50Ms, double? P99Ms, Yardstick Success, Yardstick Rating,
    double? ExpectedOpened);
