using Recs.EventStore;
using Recs.EventStore.Projecting;

namespace Recs.Projections.UserHistory;

/// <summary>
/// A person's history folded from the stream <c>user-{id}</c>: the projection's rows, a query node's cache and a replay all fold through
/// this type, so they cannot disagree. An instance never changes: <see cref="Apply(RecordedEvent, IdPool)"/> returns the next one, which
/// shares the entries that both have, so that a scorer may read one while the log moves on.
/// </summary>
public sealed class UserHistoryState
{
    /// <summary>The history of a person that the log does not know.</summary>
    public static readonly UserHistoryState Empty = new();

    private readonly HistoryEntries _entries;

    private UserHistoryState() => (_entries, Person) = (HistoryEntries.None, Person.Unknown);

    internal UserHistoryState(long version, long sequence, ulong digest, bool erased, Person person, HistoryEntries entries)
        => (Version, Sequence, Digest, Erased, Person, _entries) = (version, sequence, digest, erased, person, entries);

    /// <summary>Version, in the stream, of the last fact folded; 0 for none.</summary>
    public long Version { get; }
    /// <summary>Log position of the last fact folded; 0 for none.</summary>
    public long Sequence { get; }
    /// <summary>Digest of every fact folded, each with its version, kind, movie, value and time: an altered, added or missing fact changes it.</summary>
    public ulong Digest { get; }
    /// <summary><see cref="Digest"/> as slates record it: 16 lower-case hexadecimal digits.</summary>
    public string DigestText => Digest.ToString("x16");
    /// <summary>The person asked to be forgotten: nothing else is kept, whatever comes after.</summary>
    public bool Erased { get; }
    /// <summary>What is known about the person.</summary>
    public Person Person { get; }
    /// <summary>What the person did, in log order; a viewing stands where its last fact does.</summary>
    public IReadOnlyList<HistoryEntry> Entries => _entries;
    /// <summary>Number of entries.</summary>
    public int Count => _entries.Count;
    /// <summary>Entry by position in log order, from 0.</summary>
    public HistoryEntry this[int index] => _entries[index];
    /// <summary>Bytes that this state holds in memory, movie ids (shared by all) not counted; for cache budgets.</summary>
    public long EstimatedBytes => 160 + _entries.CapacityBytes;

    /// <summary>Wire names of the events that it folds; any other event leaves it as it is.</summary>
    public static IReadOnlyList<string> Types => UserFacts.Aliases;

    /// <summary>Folds the next event of the person's stream. One that was folded already (by version) changes nothing.</summary>
    /// <exception cref="FormatException">The body lacks a property, or holds one of another type.</exception>
    /// <exception cref="System.Text.Json.JsonException">The body is not JSON.</exception>
    public UserHistoryState Apply(RecordedEvent e, IdPool ids)
    {
        ArgumentNullException.ThrowIfNull(e);
        return Apply(UserFacts.Of(e.Type), e.Sequence, e.Version, e.Data.Span, ids);
    }

    /// <summary>Folds the next event of the person's stream, as it comes over COPY.</summary>
    /// <inheritdoc cref="Apply(RecordedEvent, IdPool)"/>
    public UserHistoryState Apply(in RawEvent e, IdPool ids) => Apply(UserFacts.Of(e.Type), e.Sequence, e.Version, e.Data, ids);

    private UserHistoryState Apply(UserFact fact, long sequence, long version, ReadOnlySpan<byte> data, IdPool ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (fact == UserFact.None || version <= Version) return this;
        if (fact == UserFact.Erased || Erased) return Forget(sequence, version);

        var body = UserEventBody.Read(fact, data, ids);
        var digest = HistoryDigest.Fold(HistoryDigest.Fold(Digest, (ulong)version), (ulong)fact);
        if (body.Blank) return new(version, sequence, digest, false, Person, _entries);

        digest = HistoryDigest.Fold(digest, body.MovieHash);
        digest = HistoryDigest.Fold(digest, ValueBits(fact, body));
        digest = HistoryDigest.Fold(digest, (ulong)body.At.UtcTicks);
        return fact is UserFact.Registered or UserFact.Changed
            ? new(version, sequence, digest, false, body.Person, _entries)
            : new(version, sequence, digest, false, Person, Add(fact, body, sequence));
    }

    /// <summary>
    /// An erased person's state does not depend on what was known before, so that it is the same whether the facts were blanked in the
    /// log before or after they were folded.
    /// </summary>
    private static UserHistoryState Forget(long sequence, long version)
    {
        var digest = HistoryDigest.Fold(HistoryDigest.Fold(HistoryDigest.Empty, (ulong)version), (ulong)UserFact.Erased);
        return new(version, sequence, digest, true, Person.Unknown, HistoryEntries.None);
    }

    private static ulong ValueBits(UserFact fact, in UserEventBody body) => fact switch
    {
        UserFact.Rated => BitConverter.DoubleToUInt64Bits(body.Rating),
        UserFact.Watched => (ulong)body.Minute,
        UserFact.Opened => body.RequestHash,
        _ => body.Person.Hash(),
    };

    private HistoryEntries Add(UserFact fact, in UserEventBody body, long sequence)
    {
        var at = body.At.ToUnixTimeMilliseconds();
        var movieId = body.MovieId!;
        return fact switch
        {
            UserFact.Watched => _entries.AddMinute(movieId, body.Minute, at, sequence),
            UserFact.Rated => _entries.Add(new(HistoryKind.Rated, movieId, body.Rating, 0, at, at, sequence)),
            _ => _entries.Add(new(HistoryKind.Opened, movieId, 0, 0, at, at, sequence)),
        };
    }
}
