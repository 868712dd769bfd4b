namespace Recs.Projections.OnlineMetrics;

/// <summary>A run of a person's events without a silence of more than <see cref="MetricDefinition.SessionGap"/>, in which a slate was served.</summary>
/// <param name="Start">First event, milliseconds since 1970.</param>
/// <param name="End">Last event.</param>
/// <param name="SlateAt">When its first slate was served.</param>
/// <param name="SlateSequence">Log position of that slate.</param>
/// <param name="Series">What that slate is counted by: so is the session.</param>
internal readonly record struct Session(long Start, long End, long SlateAt, long SlateSequence, Series Series);

/// <summary>
/// A person's sessions, per channel: a channel's sessions are made of its own slates and of all that the person did, never of another channel's slates. Kept
/// as runs, so that an event of any time, late or not, costs a search and a merge with its neighbours.
/// </summary>
/// <remarks>
/// Runs of what the person did are kept apart (<c>_done</c>) from the sessions, because a late slate may turn any of them into one. Two rules hold at all times:
/// runs of one list are more than the gap apart, and a session contains every run of <c>_done</c> within the gap of it. So one merge per list is enough.
/// </remarks>
internal sealed class UserSessions
{
    private static readonly long Gap = (long)MetricDefinition.SessionGap.TotalMilliseconds;

    private readonly List<(long Start, long End)> _done = [];
    private readonly SortedDictionary<string, List<Session>> _sessions = new(StringComparer.Ordinal);

    /// <summary>Nothing was added yet.</summary>
    public bool IsEmpty => _done.Count == 0 && _sessions.Count == 0;

    /// <summary>All sessions.</summary>
    public IEnumerable<Session> All => _sessions.Values.SelectMany(s => s);

    /// <summary>Adds something that the person did; <paramref name="changes"/> gets the sessions that this changes, if it is given.</summary>
    public void AddDone(long at, OnlineCounts? changes)
    {
        var (first, count) = Near(_done, at, at, static r => (r.Start, r.End));
        if (count == 1 && _done[first].Start <= at && at <= _done[first].End) return; // inside a run: nothing changes anywhere
        var run = (Start: at, End: at);
        for (var i = first; i < first + count; i++) run = (Math.Min(run.Start, _done[i].Start), Math.Max(run.End, _done[i].End));
        Replace(_done, first, count, run);
        foreach (var list in _sessions.Values) Merge(list, run.Start, run.End, null, changes);
    }

    /// <summary>Adds a slate.</summary>
    public void AddSlate(in SlateFact slate, OnlineCounts? changes)
    {
        if (!_sessions.TryGetValue(slate.Series.Channel, out var list)) _sessions.Add(slate.Series.Channel, list = []);
        var (start, end) = (slate.At, slate.At);
        var (first, count) = Near(_done, slate.At, slate.At, static r => (r.Start, r.End));
        for (var i = first; i < first + count; i++) (start, end) = (Math.Min(start, _done[i].Start), Math.Max(end, _done[i].End));
        Merge(list, start, end, slate, changes);
    }

    /// <summary>Merges a run into the sessions that it touches; without a slate it makes none.</summary>
    private static void Merge(List<Session> list, long start, long end, SlateFact? slate, OnlineCounts? changes)
    {
        var (first, count) = Near(list, start, end, static s => (s.Start, s.End));
        if (count == 0 && slate is null) return;
        var merged = slate is { } served ? new Session(start, end, served.At, served.Sequence, served.Series) : list[first] with { Start = Math.Min(start, list[first].Start), End = Math.Max(end, list[first].End) };
        for (var i = first; i < first + count; i++)
        {
            var old = list[i];
            if ((old.SlateAt, old.SlateSequence).CompareTo((merged.SlateAt, merged.SlateSequence)) < 0)
                merged = merged with { SlateAt = old.SlateAt, SlateSequence = old.SlateSequence, Series = old.Series };
            merged = merged with { Start = Math.Min(merged.Start, old.Start), End = Math.Max(merged.End, old.End) };
        }
        if (count == 1 && merged == list[first]) return;
        for (var i = first; i < first + count; i++) changes?.Add(list[i], -1);
        changes?.Add(merged, 1);
        Replace(list, first, count, merged);
    }

    /// <summary>Which runs of a list are within the gap of a stretch: the first one's place (or where one would go) and their number.</summary>
    private static (int First, int Count) Near<T>(List<T> runs, long start, long end, Func<T, (long Start, long End)> ends)
    {
        var (low, high) = (0, runs.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ends(runs[middle]).End < start - Gap) low = middle + 1;
            else high = middle;
        }
        var count = 0;
        while (low + count < runs.Count && ends(runs[low + count]).Start <= end + Gap) count++;
        return (low, count);
    }

    private static void Replace<T>(List<T> runs, int first, int count, T run)
    {
        if (count == 0)
        {
            runs.Insert(first, run);
            return;
        }
        runs[first] = run;
        if (count > 1) runs.RemoveRange(first + 1, count - 1);
    }

    /// <summary>Packs everything into <paramref name="target"/>, which grows as needed; returns the used length.</summary>
    public int Pack(ref byte[] target)
    {
        Ensure(ref target, 0, 20 * (_done.Count + 2));
        var writer = new VarintWriter(target, 0);
        writer.Unsigned((ulong)_done.Count);
        var former = 0L;
        foreach (var (start, end) in _done)
        {
            writer.Signed(start - former);
            writer.Unsigned((ulong)(end - start));
            former = start;
        }
        writer.Unsigned((ulong)_sessions.Count);
        var used = writer.Length;
        foreach (var (channel, list) in _sessions) used = Pack(channel, list, ref target, used);
        return used;
    }

    private static int Pack(string channel, List<Session> list, ref byte[] target, int used)
    {
        Ensure(ref target, used, 20 + channel.Length * 3);
        var writer = new VarintWriter(target, used);
        writer.Text(channel);
        writer.Unsigned((ulong)list.Count);
        used = writer.Length;
        var (former, series) = (0L, (Series?)null);
        foreach (var session in list)
        {
            var next = session.Series;
            Ensure(ref target, used, 64 + 3 * (next.Model.Length + next.ModelVersion.Length + next.Variant.Length));
            writer = new VarintWriter(target, used);
            writer.Signed(session.Start - former);
            writer.Unsigned((ulong)(session.End - session.Start));
            writer.Unsigned((ulong)(session.SlateAt - session.Start));
            writer.Unsigned((ulong)session.SlateSequence);
            writer.Byte(next == series ? (byte)0 : (byte)1);
            if (next != series)
            {
                writer.Text(next.Model);
                writer.Text(next.ModelVersion);
                writer.Text(next.Variant);
            }
            (former, series, used) = (session.Start, next, writer.Length);
        }
        return used;
    }

    /// <summary>Unpacks what <see cref="Pack(ref byte[])"/> packed.</summary>
    /// <exception cref="FormatException">The bytes are cut short.</exception>
    public static UserSessions Unpack(ReadOnlySpan<byte> packed, IdPool ids, SeriesPool pool)
    {
        var sessions = new UserSessions();
        var reader = new VarintReader(packed);
        var former = 0L;
        for (var left = reader.Unsigned(); left > 0; left--)
        {
            former += reader.Signed();
            sessions._done.Add((former, former + (long)reader.Unsigned()));
        }
        for (var channels = reader.Unsigned(); channels > 0; channels--)
        {
            var channel = ids[reader.Text()];
            var list = new List<Session>();
            var (start, series) = (0L, (Series?)null);
            for (var left = reader.Unsigned(); left > 0; left--)
            {
                start += reader.Signed();
                var end = start + (long)reader.Unsigned();
                var slateAt = start + (long)reader.Unsigned();
                var sequence = (long)reader.Unsigned();
                if (reader.Byte() == 1) series = pool[channel, ids[reader.Text()], ids[reader.Text()], ids[reader.Text()]];
                list.Add(new(start, end, slateAt, sequence, series!));
            }
            sessions._sessions.Add(channel, list);
        }
        return sessions;
    }

    private static void Ensure(ref byte[] target, int used, int more)
    {
        if (target.Length < used + more) Array.Resize(ref target, Math.Max(used + more, target.Length * 2));
    }
}
