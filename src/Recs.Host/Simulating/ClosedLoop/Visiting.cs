using System.Text;
using System.Text.Json;
using Recs.Host.CommandLine;
using Recs.Host.Simulating.People;
using Recs.Queries.Movies;
using Recs.Queries.Serving;

namespace Recs.Host.Simulating.ClosedLoop;

/// <summary>What every visit of a simulation shares.</summary>
/// <param name="Client">The service.</param>
/// <param name="Films">Its catalogue.</param>
/// <param name="Tally">Counts.</param>
/// <param name="Truth">Where the truth goes; null for nowhere.</param>
/// <param name="RunId">Name of the run: begins every idempotency key, so that a request that is sent again is never stored twice and two runs never meet.</param>
/// <param name="Pace">How much faster than the service's clock people live.</param>
/// <param name="Speed">Seconds of the service's clock per second of real time.</param>
/// <param name="Clock">Real time.</param>
/// <param name="Leaving">Cancelled at the end of the run: nobody waits any more for what they would do later.</param>
/// <param name="Abort">Cancelled some seconds after that: what is still being sent is given up.</param>
internal sealed record VisitParts(
    PatientClient Client, FilmCatalogue Films, Tally Tally, TruthFile? Truth, string RunId, double Pace, double Speed, TimeProvider Clock, CancellationToken Leaving, CancellationToken Abort);

/// <summary>
/// One visit of a person, carried out over HTTP: they ask for a slate, react to it, and perhaps look for films by themselves. Each deed is sent when its time has come and
/// is dated by the service's own clock: the time at which it served the slate, and what has passed since.
/// </summary>
internal sealed class Visiting(VisitParts parts, Visitor visitor, int visit, Mood mood)
{
    private const int K = 20;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly VisitRequests requests = new(parts, visitor, visit);
    private readonly VisitRecord record = new();
    private DateTimeOffset shownAt;
    private long shownStamp;

    private Person Person => visitor.Person;

    /// <summary>Makes the visit.</summary>
    /// <param name="wanted">Time stamp at which the person wanted to begin.</param>
    /// <exception cref="UnavailableException">The service answers no more.</exception>
    public async Task RunAsync(long wanted)
    {
        parts.Tally.Began();
        if (await requests.AskAsync<SlateAnswer>("recommend", $"recommend/{Uri.EscapeDataString(visitor.UserId)}?k={K}&minSequence={visitor.Sequence}&wait=10") is not { } slate) return;
        parts.Tally.Served(parts.Clock.GetElapsedTime(wanted));
        (shownAt, shownStamp) = (slate.ServedAt, parts.Clock.GetTimestamp());
        Film[] films = [.. slate.Items.Select(i => parts.Films.Of(new(i.MovieId, i.Title, i.Year, i.Genres, 0)))];
        var truth = SlateTruth.Of(Person, films, mood, visitor.Seen, parts.Films);
        Tell();
        record.Cut = true; // unless it comes to its end
        try
        {
            var whole = await DoAsync(Person.React(visit, Shown.Slate, films, mood, visitor.Seen), slate.RequestId);
            if (whole && Person.Wander(visit, mood, visitor.Seen) is { } quest) whole = await GoAsync(quest);
            record.Cut = !whole;
        }
        finally
        {
            parts.Tally.Ended(truth, record);
            parts.Truth?.Add(new SlateLine(
                "slate", slate.RequestId, visitor.UserId, visit, slate.ModelVersion, slate.ServedAt, truth, record.Opens, record.Watches, record.Ratings, record.Cut));
        }
    }

    private void Tell()
    {
        var taste = Person.TasteIn(mood);
        if (parts.Truth is null || visitor.ToldEpoch == taste.Epoch) return;
        visitor.ToldEpoch = taste.Epoch;
        parts.Truth.Add(new PersonLine("person", visitor.UserId, taste.Epoch, Person.Patience, taste.Leanings, parts.Films.Genres.ToDictionary(g => g, taste.Affinity)));
    }

    /// <summary>Looks for films beside the slate.</summary>
    /// <returns>False if the run ended before the person did.</returns>
    private async Task<bool> GoAsync(Quest quest)
    {
        var path = quest.Wanted is { } film ? $"movies?k={K}&q={Uri.EscapeDataString(film.Title)}" : $"popular?k={K}&window=7d";
        var found = quest.Wanted is null
            ? (await requests.AskAsync<PopularMovies>("popular", path))?.Items.Select(m => new ListedMovie(m.MovieId, m.Title, m.Year, m.Genres, m.Events))
            : (await requests.AskAsync<MovieSearch>("movies", path))?.Items.Select(m => new ListedMovie(m.MovieId, m.Title, m.Year, m.Genres, m.Events));
        if (found is null) return true;
        parts.Tally.Found();
        Film[] films = [.. found.Select(parts.Films.Of)];
        (shownAt, shownStamp) = (shownAt + parts.Clock.GetElapsedTime(shownStamp) * parts.Speed, parts.Clock.GetTimestamp());
        var deeds = quest.Wanted is { } wanted ? Person.Find(visit, wanted, films, mood, visitor.Seen) : Person.React(visit, Shown.Popular, films, mood, visitor.Seen);
        return await DoAsync(deeds, requestId: null);
    }

    /// <summary>Does one thing after the other, each at its time.</summary>
    /// <returns>False if the run ended before the person did.</returns>
    private async Task<bool> DoAsync(IReadOnlyList<Deed> deeds, string? requestId)
    {
        foreach (var deed in deeds)
        {
            if (!await UntilAsync(deed.After)) return false;
            var (user, movie, at) = (visitor.UserId, deed.Film.MovieId, TimeOf(deed.After));
            switch (deed)
            {
                case Opening when await requests.SendAsync("opens", requestId is null ? new { userId = user, movieId = movie, at } : new { userId = user, movieId = movie, requestId, at }):
                    record.Opens.Add(new(movie, requestId, at));
                    break;
                case Watching watching when !await WatchAsync(watching, requestId, at):
                    return false;
                case Rating { Stars: var rating } when await requests.SendAsync("ratings", new { userId = user, movieId = movie, rating, at }):
                    record.Ratings.Add(new(movie, rating, at));
                    break;
            }
        }
        return true;
    }

    /// <summary>The first minute is told at once; the others together when the person stops, each with its own time.</summary>
    /// <returns>False if the run ended before the person did.</returns>
    private async Task<bool> WatchAsync(Watching watching, string? requestId, DateTimeOffset at)
    {
        var (user, movie) = (visitor.UserId, watching.Film.MovieId);
        visitor.Saw(watching.Film);
        if (!await requests.SendAsync("watches", new { userId = user, movieId = movie, minute = 0, at })) return true;
        record.Watches.Add(new(movie, requestId, at, 1, (Minute / parts.Pace).TotalSeconds));
        var watched = watching.Minutes;
        var whole = await UntilAsync(watching.After + (watched - 1) * Minute);
        if (!whole) watched = Math.Clamp(1 + (int)((Lived - watching.After) / Minute), 1, watched);
        if (watched > 1)
        {
            var lines = new StringBuilder();
            for (var minute = 1; minute < watched; minute++)
                lines.Append(JsonSerializer.Serialize(new { type = "watch", userId = user, movieId = movie, minute, at = TimeOf(watching.After + minute * Minute) })).Append('\n');
            record.Watches[^1] = record.Watches[^1] with { Minutes = 1 + await requests.SendLinesAsync(lines.ToString()) };
        }
        return whole;
    }

    /// <summary>How long the person has been at the list, in their own time.</summary>
    private TimeSpan Lived => parts.Clock.GetElapsedTime(shownStamp) * (parts.Pace * parts.Speed);

    /// <summary>The service's time of something that happens so long after the list was shown. It is never later than the moment at which it is sent.</summary>
    private DateTimeOffset TimeOf(TimeSpan after) => shownAt + after / parts.Pace;

    /// <summary>Waits until the person's time has come.</summary>
    /// <returns>False if the run ends before.</returns>
    private async Task<bool> UntilAsync(TimeSpan after)
    {
        var left = (after - Lived) / (parts.Pace * parts.Speed);
        if (left > TimeSpan.Zero)
            await Task.Delay(left, parts.Clock, parts.Leaving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the end of the run is looked at below
        return !parts.Leaving.IsCancellationRequested;
    }
}
