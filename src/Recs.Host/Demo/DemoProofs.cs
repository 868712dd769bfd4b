using Recs.Host.Reporting;
using Recs.Queries.Serving;

namespace Recs.Host.Demo;

/// <summary>What the demo shows of a model that listens: one rating changes the rest of the slate, and two people get two slates.</summary>
internal sealed class DemoProofs(DemoTraffic traffic, Terminal terminal)
{
    /// <summary>A person rates a movie that was not in the slate; the scores and the order of the other movies must change.</summary>
    public async Task<bool> RatingChangesTheRestAsync(string user, IReadOnlyList<string> unseen, CancellationToken cancel)
    {
        var before = await traffic.AskAsync(user, 0, cancel);
        var shown = before.Items.Select(i => i.MovieId).ToHashSet(StringComparer.Ordinal);
        if (unseen.FirstOrDefault(m => !shown.Contains(m)) is not { } elsewhere)
        {
            terminal.Say($"the slate of user {user} holds every movie that they do not know: there is none left to rate outside it");
            return true;
        }
        var sequence = await traffic.RateAsync(user, elsewhere, 5, cancel);
        var after = await traffic.AskAsync(user, sequence, cancel);
        var old = before.Items.ToDictionary(i => i.MovieId, i => i.Score, StringComparer.Ordinal);
        var still = after.Items.Where(i => old.ContainsKey(i.MovieId)).ToList();
        var rescored = still.Count(i => i.Score != old[i.MovieId]);
        var reordered = !before.Items.Select(i => i.MovieId).SequenceEqual(after.Items.Select(i => i.MovieId), StringComparer.Ordinal);
        terminal.Say($"user {user} rated movie {elsewhere}, which was not in the slate: {rescored} of the {still.Count} movies still there have another score, "
            + $"{before.Items.Count - still.Count} are new, the order {(reordered ? "changed" : "did not change")}");
        return reordered && (rescored > 0 || still.Count == 0);
    }

    /// <summary>The two people whose slates share least; null if no two share fewer than half.</summary>
    public (SlateAnswer A, SlateAnswer B, int Shared)? TwoPeople()
    {
        var slates = traffic.Last.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => s.Value).Where(s => s.Personalized && s.Items.Count > 0).Take(50).ToList();
        var pairs =
            from a in slates
            from b in slates
            where string.CompareOrdinal(a.UserId, b.UserId) < 0
            let shared = a.Items.Select(i => i.MovieId).Intersect(b.Items.Select(i => i.MovieId), StringComparer.Ordinal).Count()
            orderby shared
            select (a, b, shared);
        return pairs.FirstOrDefault() is ({ } first, { } second, var least) && least * 2 < first.Items.Count ? (first, second, least) : null;
    }
}
