using Recs.Contracts.Metrics;
using Recs.Contracts.Recommendations;
using Recs.Contracts.Users;
using Recs.Projections.OnlineMetrics;

namespace Recs.Projections.Tests.OnlineMetrics;

/// <summary>The online metrics of a log, written down as the definitions read, every slate against every fact.</summary>
internal sealed class BruteForceJoin
{
    private sealed record Placed<T>(T Fact, long Sequence);

    private readonly IReadOnlyList<MetricDefined> _definitions;
    private readonly List<Placed<RecommendationServed>> _slates;
    private readonly List<MovieWatched> _watches;
    private readonly List<Placed<MovieRated>> _ratings;
    private readonly List<MovieOpened> _opens;

    /// <param name="log">Facts in the order of the log, from position 1.</param>
    public BruteForceJoin(IReadOnlyList<object> log)
    {
        var erased = log.OfType<UserErased>().Select(e => e.UserId).ToHashSet();
        var placed = log.Select((fact, i) => new Placed<object>(fact is RecommendationObserved { Status: 200 } seen ? AsServed(seen) : fact, i + 1)).ToList();
        _slates = [.. placed.Where(p => p.Fact is RecommendationServed s && !erased.Contains(s.UserId)).Select(p => new Placed<RecommendationServed>((RecommendationServed)p.Fact, p.Sequence))];
        _ratings = [.. placed.Where(p => p.Fact is MovieRated r && !erased.Contains(r.UserId)).Select(p => new Placed<MovieRated>((MovieRated)p.Fact, p.Sequence))];
        _watches = [.. log.OfType<MovieWatched>().Where(w => !erased.Contains(w.UserId))];
        _opens = [.. log.OfType<MovieOpened>().Where(o => !erased.Contains(o.UserId))];
        var builtIn = MetricDefinition.BuiltIn.Select(d => new MetricDefined(d.Name, d.Outcomes, d.WindowSeconds, d.Unit.ToString().ToLowerInvariant(), null, null, "", "", default));
        _definitions = [.. builtIn.Concat(log.OfType<MetricDefined>()).GroupBy(d => d.Name).Select(g => g.Last())];
    }

    /// <summary>One line per row of <c>read.online_shares</c>.</summary>
    public IReadOnlyList<string> Shares() => Sorted(
        from d in _definitions
        where d.Unit != "rating"
        from s in _slates
        let converted = s.Fact.Items.Distinct().Count(movie => Converts(d, s.Fact, movie))
        group (Items: s.Fact.Items.Count, Converted: converted) by $"{d.Name}|{Series(s.Fact)}|{Hour(s.Fact.At)}" into g
        select $"{g.Key}|{g.Count()}|{g.Count(x => x.Converted > 0)}|{g.Sum(x => x.Items)}|{g.Sum(x => x.Converted)}");

    /// <summary>One line per row of <c>read.online_measures</c>.</summary>
    public IReadOnlyList<string> Measures()
    {
        var errors = Pairs().Select(p => (Key: $"{p.Metric}|{Series(p.Slate)}|{Hour(p.Slate.At)}", Value: p.Error));
        return Sorted(errors.Concat(Sessions()).GroupBy(v => v.Key, v => v.Value).Select(g => $"{g.Key}|{g.Count()}|{g.Sum()}|{g.Sum(v => (decimal)v * v)}"));
    }

    /// <summary>One line per row of <c>read.online_error_batches</c>.</summary>
    public IReadOnlyList<string> ErrorBatches() => Sorted(
        from pairs in Pairs().GroupBy(p => $"{p.Metric}|{Series(p.Slate)}")
        from batch in pairs.OrderBy(p => p.Complete).ThenBy(p => p.Served).ThenBy(p => p.Place).Chunk(1000).Select((chunk, i) => (Pairs: chunk, Number: i + 1))
        select $"{pairs.Key}|{batch.Number}|{batch.Pairs.Length}|{batch.Pairs.Sum(p => p.Error)}|{batch.Pairs[0].Complete}|{batch.Pairs[^1].Complete}");

    private static RecommendationServed AsServed(RecommendationObserved s)
        => new(s.RequestId, s.UserId, s.Items.Count, s.Items, [], "observed", s.Server, 0, "imported", false, null, 0, "", 0, 0, new(1), s.LatencyMs, s.At);

    private bool Converts(MetricDefined d, RecommendationServed slate, string movie)
        => (d.Outcomes.Contains("watched") && _watches.Where(w => Meets(d, slate, movie, w.UserId, w.MovieId, w.At)).Select(w => w.Minute).Distinct().Count() >= (d.MinimalMinutes ?? 1))
            || (d.Outcomes.Contains("rated") && _ratings.Any(r => Meets(d, slate, movie, r.Fact.UserId, r.Fact.MovieId, r.Fact.At) && !(r.Fact.Rating < d.MinimalRating)))
            || (d.Outcomes.Contains("opened") && _opens.Any(o => Meets(d, slate, movie, o.UserId, o.MovieId, o.At) && (o.RequestId is null || o.RequestId == slate.RequestId)));

    private static bool Meets(MetricDefined d, RecommendationServed slate, string movie, string user, string moved, DateTimeOffset at)
        => user == slate.UserId && moved == movie && at >= slate.At && at - slate.At <= TimeSpan.FromSeconds(d.WindowSeconds);

    private IEnumerable<(string Metric, RecommendationServed Slate, long Served, int Place, long Complete, long Error)> Pairs() =>
        from d in _definitions
        where d.Unit == "rating"
        from s in _slates
        let predicted = s.Fact.PredictedRatings ?? []
        from movie in s.Fact.Items.Distinct()
        let place = s.Fact.Items.ToList().IndexOf(movie)
        where place < predicted.Count
        let rating = _ratings.FirstOrDefault(r => Meets(d, s.Fact, movie, r.Fact.UserId, r.Fact.MovieId, r.Fact.At))
        where rating is not null
        let error = predicted[place] - rating.Fact.Rating
        select (d.Name, s.Fact, s.Sequence, place, Math.Max(s.Sequence, rating.Sequence), (long)Math.Round(error * error * 1e6));

    private IEnumerable<(string Key, long Value)> Sessions()
    {
        foreach (var slates in _slates.GroupBy(s => (s.Fact.UserId, s.Fact.Channel)))
        {
            var user = slates.Key.UserId;
            var events = slates.Select(s => (s.Fact.At, Slate: (Placed<RecommendationServed>?)s))
                .Concat(_watches.Where(w => w.UserId == user).Select(w => (w.At, Slate: (Placed<RecommendationServed>?)null)))
                .Concat(_ratings.Where(r => r.Fact.UserId == user).Select(r => (r.Fact.At, Slate: (Placed<RecommendationServed>?)null)))
                .Concat(_opens.Where(o => o.UserId == user).Select(o => (o.At, Slate: (Placed<RecommendationServed>?)null)))
                .OrderBy(e => e.At).ThenBy(e => e.Slate?.Sequence ?? 0).ToList();
            for (var first = 0; first < events.Count;)
            {
                var last = first;
                while (last + 1 < events.Count && events[last + 1].At - events[last].At <= TimeSpan.FromMinutes(30)) last++;
                if (events[first..(last + 1)].FirstOrDefault(e => e.Slate is not null).Slate is { } slate)
                    yield return ($"session-length|{Series(slate.Fact)}|{Hour(slate.Fact.At)}", (long)Math.Floor((events[last].At - events[first].At).TotalSeconds));
                first = last + 1;
            }
        }
    }

    private static string Series(RecommendationServed s)
        => $"{s.Channel}|{s.Model}|{s.ModelVersion}|{(s.Assignments is null or [] ? "none" : string.Join(',', s.Assignments.Select(a => $"{a.Experiment}={a.Variant}").Order(StringComparer.Ordinal)))}";

    private static long Hour(DateTimeOffset at) => (long)Math.Floor((at - DateTimeOffset.UnixEpoch).TotalHours);

    private static IReadOnlyList<string> Sorted(IEnumerable<string> lines) => [.. lines.Order(StringComparer.Ordinal)];
}
