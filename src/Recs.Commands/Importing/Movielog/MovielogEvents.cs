using System.Buffers.Text;
using System.Text;
using Recs.Contracts;
using Recs.Contracts.Recommendations;
using Recs.Contracts.Users;
using Recs.EventStore;
using Recs.EventStore.Importing;

namespace Recs.Commands.Importing.Movielog;

/// <summary>
/// Records of a range as events, in the order of (time, line). Bodies hold what <see cref="EventJson"/> gives, written by hand because there are millions of
/// them; the characters that fields may have need no escapes.
/// </summary>
/// <param name="origin">What the events say of where they come from.</param>
/// <param name="userPrefix">Put before each user id.</param>
internal sealed class MovielogEvents(ImportOrigin origin, string userPrefix)
{
    private static readonly string WatchedType = DotNetType(typeof(MovieWatched));
    private static readonly string RatedType = DotNetType(typeof(MovieRated));
    private static readonly string ObservedType = DotNetType(typeof(RecommendationObserved));
    /// <summary>Bytes of a body beside its ids, server and items.</summary>
    private const int Frame = 256;

    private readonly record struct Record(long Ticks, string Stream, Guid Id, MovielogForm Form, int Start, int Length);

    private readonly List<Record> _records = [];
    private readonly byte[] _prefix = Encoding.ASCII.GetBytes(userPrefix);
    private readonly byte[] _user = new byte[EntityId.MaxLength];
    // Ranges are so large that the garbage of each would stay for long.
    private readonly Stack<byte[]> _freeBodies = new();
    private readonly Stack<ImportedEvent[]> _freeEvents = new();
    private byte[] _bodies = [];
    private int _end;
    private JsonTime _time;
    private bool _isSorted = true;

    /// <summary>Begins a range, in memory that an earlier one has given back if there is any.</summary>
    public void Begin()
    {
        _bodies = _freeBodies.TryPop(out var free) ? free : [];
        (_end, _isSorted) = (0, true);
        _records.Clear();
    }

    /// <summary>Adds a record.</summary>
    /// <returns>False if the user id is too long with its prefix.</returns>
    public bool TryAdd(in MovielogLine line)
    {
        if (_prefix.Length + line.UserId.Length > EntityId.MaxLength) return false;
        _prefix.CopyTo(_user, 0);
        line.UserId.CopyTo(_user.AsSpan(_prefix.Length));
        var user = _user.AsSpan(0, _prefix.Length + line.UserId.Length);
        Reserve(Frame + user.Length + line.MovieId.Length + line.Server.Length + 2 * line.Items.Text.Length);
        var start = _end;
        var id = line.Form switch
        {
            MovielogForm.Watch => Watch(line, user),
            MovielogForm.Rate => Rate(line, user),
            _ => Observe(line, user),
        };
        Append(",\"At\":"u8);
        _end += _time.Write(line.Ticks, _bodies.AsSpan(_end));
        Append("}"u8);
        _isSorted &= _records.Count == 0 || _records[^1].Ticks <= line.Ticks;
        var name = Encoding.ASCII.GetString(user);
        var stream = line.Form == MovielogForm.Recommendation ? StreamIds.Recommendations(name) : StreamIds.User(name);
        _records.Add(new(line.Ticks, stream, id, line.Form, start, _end - start));
        return true;
    }

    /// <summary>All records of the range as events, behind the given ones.</summary>
    /// <param name="first">Events that come before.</param>
    /// <param name="release">Gives the range's memory back.</param>
    public Memory<ImportedEvent> ToEvents(IReadOnlyList<ImportedEvent> first, out Action release)
    {
        var order = new int[_records.Count];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        if (!_isSorted) Array.Sort(order, (a, b) => (_records[a].Ticks, a).CompareTo((_records[b].Ticks, b)));
        var count = first.Count + order.Length;
        var events = _freeEvents.TryPop(out var free) && free.Length >= count ? free : new ImportedEvent[count + count / 8];
        var bodies = _bodies;
        release = () =>
        {
            _freeBodies.Push(bodies);
            _freeEvents.Push(events);
        };
        for (var i = 0; i < first.Count; i++) events[i] = first[i];
        for (var i = 0; i < order.Length; i++)
        {
            var record = _records[order[i]];
            var (alias, type) = record.Form switch
            {
                MovielogForm.Watch => (EventAliases.MovieWatched, WatchedType),
                MovielogForm.Rate => (EventAliases.MovieRated, RatedType),
                _ => (EventAliases.RecommendationObserved, ObservedType),
            };
            events[first.Count + i] = new(record.Stream, new NewEvent(
                record.Id, alias, bodies.AsMemory(record.Start, record.Length), origin.CorrelationId, origin.CausationId, DotNetType: type));
        }
        return events.AsMemory(0, count);
    }

    private Guid Watch(in MovielogLine line, ReadOnlySpan<byte> user)
    {
        Append("{\"UserId\":\""u8, user, "\",\"MovieId\":\""u8, line.MovieId, "\",\"Minute\":"u8);
        Append(line.Value);
        return FactId.Watched(user, line.MovieId, line.Value, line.Ticks);
    }

    private Guid Rate(in MovielogLine line, ReadOnlySpan<byte> user)
    {
        Append("{\"UserId\":\""u8, user, "\",\"MovieId\":\""u8, line.MovieId, "\",\"Rating\":"u8);
        Append(line.Value);
        return FactId.Rated(user, line.MovieId, 2 * line.Value, line.Ticks);
    }

    private Guid Observe(in MovielogLine line, ReadOnlySpan<byte> user)
    {
        var id = FactId.Observed(user, line.Server, line.Value, line.Items.Text, line.LatencyMs, line.Ticks);
        Append("{\"RequestId\":\""u8);
        id.TryFormat(_bodies.AsSpan(_end), out var digits, "N");
        _end += digits;
        Append("\",\"UserId\":\""u8, user, "\",\"Server\":\""u8, line.Server, "\",\"Status\":"u8);
        Append(line.Value);
        Append(",\"Items\":["u8);
        var between = "\""u8;
        foreach (var item in line.Items)
        {
            Append(between);
            Append(item);
            between = "\",\""u8;
        }
        Append("\"],\"LatencyMs\":"u8);
        Append(line.LatencyMs);
        return id;
    }

    private void Append(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, ReadOnlySpan<byte> d, ReadOnlySpan<byte> e)
    {
        Append(a);
        Append(b);
        Append(c);
        Append(d);
        Append(e);
    }

    private void Append(ReadOnlySpan<byte> part)
    {
        part.CopyTo(_bodies.AsSpan(_end));
        _end += part.Length;
    }

    private void Append(int number)
    {
        Utf8Formatter.TryFormat(number, _bodies.AsSpan(_end), out var digits);
        _end += digits;
    }

    private void Reserve(int bytes)
    {
        if (_bodies.Length - _end < bytes) Array.Resize(ref _bodies, Math.Max(_bodies.Length * 5 / 4, _end + bytes + 100_000));
    }

    private static string DotNetType(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";
}
