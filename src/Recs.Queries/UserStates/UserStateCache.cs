using Recs.EventStore;
using Recs.Projections;
using Recs.Projections.UserHistory;
using Recs.Queries.Catalogue;

namespace Recs.Queries.UserStates;

/// <summary>
/// Histories of the people who were asked for lately, kept up to date by the log and within a byte budget (least recently used out). A cache only: what is
/// not here is loaded from the read model and the tail of the stream.
/// </summary>
/// <param name="load">Loads a person's state as of now.</param>
/// <param name="numbers">Numbers of the movies.</param>
/// <param name="ids">Strings of the ids that events name.</param>
/// <param name="byteBudget">Most bytes to keep.</param>
public sealed class UserStateCache(Func<string, CancellationToken, Task<UserHistoryState>> load, MovieNumbers numbers, IdPool ids, long byteBudget)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();
    private long _bytes;

    /// <summary>Bytes kept now.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>People kept now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    /// <summary>The person's state, loaded if it is not here. People whom nobody has heard of have the empty state.</summary>
    public ValueTask<KnownUser> GetAsync(string userId, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(userId, out var entry))
            {
                if (entry.Node.List is not null && !ReferenceEquals(_byUse.First, entry.Node))
                {
                    _byUse.Remove(entry.Node);
                    _byUse.AddFirst(entry.Node);
                }
                return entry.User is { } user ? new(user) : new(entry.Loading!.WaitAsync(cancel));
            }
            entry = new Entry(userId);
            _entries.Add(userId, entry);
            entry.Loading = LoadAsync(entry);
            return new(entry.Loading.WaitAsync(cancel));
        }
    }

    /// <summary>Takes note of an event of a person's stream, in log order.</summary>
    public void Apply(string userId, RecordedEvent e)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(userId, out var entry))
                return;
            if (entry.User is not { } user)
                entry.AtLeast = Math.Max(entry.AtLeast, e.Version); // still loading: the load must have seen this
            else if (e.Version == user.State.Version + 1)
                Replace(entry, KnownUser.Of(user.State.Apply(e, ids), numbers));
            else if (e.Version > user.State.Version)
                Remove(entry); // facts are missing in between; the next request loads it anew
        }
    }

    /// <summary>Forgets a person's state; the next request loads it anew.</summary>
    public void Evict(string userId)
    {
        lock (_gate)
            if (_entries.TryGetValue(userId, out var entry))
                Remove(entry);
    }

    private async Task<KnownUser> LoadAsync(Entry entry)
    {
        await Task.Yield(); // never load under the lock
        try
        {
            while (true)
            {
                var user = KnownUser.Of(await load(entry.UserId, CancellationToken.None), numbers);
                lock (_gate)
                {
                    if (user.State.Version < entry.AtLeast)
                        continue; // the log went on while it was read
                    if (_entries.TryGetValue(entry.UserId, out var current) && ReferenceEquals(current, entry))
                    {
                        entry.Node = _byUse.AddFirst(entry);
                        Replace(entry, user);
                    }
                    return user;
                }
            }
        }
        catch
        {
            lock (_gate)
                Remove(entry);
            throw;
        }
    }

    private void Replace(Entry entry, KnownUser user)
    {
        _bytes += user.EstimatedBytes - (entry.User?.EstimatedBytes ?? 0);
        entry.User = user;
        entry.Loading = null;
        while (_bytes > byteBudget && _byUse.Last is { } oldest && !ReferenceEquals(oldest.Value, entry))
            Remove(oldest.Value);
    }

    private void Remove(Entry entry)
    {
        if (!_entries.TryGetValue(entry.UserId, out var current) || !ReferenceEquals(current, entry))
            return;
        _entries.Remove(entry.UserId);
        if (entry.Node.List is not null)
            _byUse.Remove(entry.Node);
        _bytes -= entry.User?.EstimatedBytes ?? 0;
    }

    private sealed class Entry
    {
        public Entry(string userId) => (UserId, Node) = (userId, new LinkedListNode<Entry>(this));

        public string UserId { get; }
        public LinkedListNode<Entry> Node { get; set; }
        public KnownUser? User { get; set; }
        public Task<KnownUser>? Loading { get; set; }
        public long AtLeast { get; set; }
    }
}
