namespace Recs.Projections.OnlineMetrics;

/// <summary>
/// What a person did in one hour, packed in log order, so that a batch is appended to what is stored. One entry after the other: kind (1 watched, 2 rated,
/// 3 opened, 4 opened from a request that it names), milliseconds since the hour began, position in the log, movie id; then the minute or the thousandths of a
/// star (zigzag), or under 4 the hash of the request id.
/// </summary>
internal sealed class OutcomeHour(long hour)
{
    private const byte OpenedFromRequest = 4;
    private byte[] _packed = new byte[48];
    private int _length;

    /// <summary>Hours since 1970.</summary>
    public long Hour { get; } = hour;

    /// <summary>The packed entries.</summary>
    public ReadOnlyMemory<byte> Packed => _packed.AsMemory(0, _length);

    /// <summary>Appends an outcome of this hour.</summary>
    public void Add(in Outcome outcome)
    {
        var need = _length + 48 + outcome.MovieId.Length * 3;
        if (_packed.Length < need) Array.Resize(ref _packed, Math.Max(need, _packed.Length * 2));
        var writer = new VarintWriter(_packed, _length);
        writer.Byte(outcome is { Kind: OutcomeKind.Opened, Request: not 0 } ? OpenedFromRequest : (byte)outcome.Kind);
        writer.Unsigned((ulong)(outcome.At - Hours.Start(Hour)));
        writer.Unsigned((ulong)outcome.Sequence);
        writer.Text(outcome.MovieId);
        if (outcome.Kind != OutcomeKind.Opened) writer.Signed(outcome.Value);
        else if (outcome.Request != 0) writer.Unsigned(outcome.Request);
        _length = writer.Length;
    }

    /// <summary>Unpacks an hour.</summary>
    /// <exception cref="FormatException">The bytes are cut short.</exception>
    public static void Unpack(long hour, ReadOnlySpan<byte> packed, IdPool ids, List<Outcome> into)
    {
        var reader = new VarintReader(packed);
        while (reader.Left > 0)
        {
            var head = reader.Byte();
            var kind = head == OpenedFromRequest ? OutcomeKind.Opened : (OutcomeKind)head;
            var at = Hours.Start(hour) + (long)reader.Unsigned();
            var sequence = (long)reader.Unsigned();
            var movie = ids[reader.Text()];
            into.Add(new(kind, movie, at, sequence, kind == OutcomeKind.Opened ? 0 : (int)reader.Signed(), head == OpenedFromRequest ? reader.Unsigned() : 0));
        }
    }
}
