using System.Buffers.Binary;
using System.Text;

namespace Recs.EventStore.Importing;

/// <summary>
/// Rows of <c>mt_events</c> in PostgreSQL's binary COPY format. Written by hand because an import is bound by the processor: the type, correlation
/// and causation of a row are nearly always those of the row before and are then copied as they are.
/// </summary>
internal sealed class CopyRows
{
    /// <summary>Columns in the order in which the rows give them.</summary>
    public const string Columns = "seq_id, version, id, timestamp, stream_id, data, headers, type, mt_dotnet_type, correlation_id, causation_id";

    private const short ColumnCount = 11;
    private static readonly DateTimeOffset PostgresEpoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly byte[] timestamp = new byte[8];
    private byte[] buffer = new byte[256 * 1024];
    private byte[] tail = [];
    private (string? Type, string? DotNetType, string? Correlation, string? Causation) tailOf;
    private int length;

    /// <summary>Begins the rows of a range.</summary>
    /// <param name="recorded">When the rows are recorded.</param>
    public CopyRows(DateTimeOffset recorded)
    {
        BinaryPrimitives.WriteInt64BigEndian(timestamp, (recorded - PostgresEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        // PGCOPY and the format's other five fixed bytes, then no flags and no header extension.
        ReadOnlySpan<byte> signature = [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00, 0, 0, 0, 0, 0, 0, 0, 0];
        signature.CopyTo(buffer);
        length = signature.Length;
    }

    /// <summary>Bytes that wait to be sent.</summary>
    public ReadOnlyMemory<byte> Pending => buffer.AsMemory(0, length);

    /// <summary>Whether enough bytes wait to be sent.</summary>
    public bool IsFull => length >= 192 * 1024;

    /// <summary>The pending bytes were sent.</summary>
    public void Clear() => length = 0;

    /// <summary>Adds a row.</summary>
    public void Add(in ImportedEvent imported, long sequence, long version)
    {
        var e = imported.Event;
        Reserve(128 + 3 * imported.StreamId.Length + e.Data.Length + e.Headers.Length);
        BinaryPrimitives.WriteInt16BigEndian(Take(2), ColumnCount);
        AddNumber(sequence);
        AddNumber(version);
        AddLength(16);
        e.Id.TryWriteBytes(Take(16), bigEndian: true, out _);
        AddLength(8);
        timestamp.CopyTo(Take(8));
        var lengthAt = length;
        length += 4;
        length += Encoding.UTF8.GetBytes(imported.StreamId, buffer.AsSpan(length));
        BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(lengthAt), length - lengthAt - 4);
        AddJson(e.Data.Span);
        if (e.Headers.IsEmpty) AddLength(-1);
        else AddJson(e.Headers.Span);
        AddTail(in e);
    }

    /// <summary>Adds the end of the rows.</summary>
    public void End()
    {
        Reserve(2);
        BinaryPrimitives.WriteInt16BigEndian(Take(2), -1);
    }

    private void AddTail(in NewEvent e)
    {
        if (!ReferenceEquals(tailOf.Type, e.Type) || !ReferenceEquals(tailOf.DotNetType, e.DotNetType)
            || !ReferenceEquals(tailOf.Correlation, e.CorrelationId) || !ReferenceEquals(tailOf.Causation, e.CausationId))
        {
            tailOf = (e.Type, e.DotNetType, e.CorrelationId, e.CausationId);
            tail = [.. Field(e.Type), .. Field(e.DotNetType), .. Field(e.CorrelationId), .. Field(e.CausationId)];
        }
        Reserve(tail.Length);
        tail.CopyTo(Take(tail.Length));
    }

    private static byte[] Field(string? text)
    {
        var bytes = Encoding.UTF8.GetBytes(text ?? "");
        var field = new byte[4 + bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(field, text is null ? -1 : bytes.Length);
        bytes.CopyTo(field, 4);
        return field;
    }

    private void AddNumber(long value)
    {
        AddLength(8);
        BinaryPrimitives.WriteInt64BigEndian(Take(8), value);
    }

    /// <summary>The binary form of jsonb is a version, 1, and the text.</summary>
    private void AddJson(ReadOnlySpan<byte> json)
    {
        AddLength(json.Length + 1);
        Take(1)[0] = 1;
        json.CopyTo(Take(json.Length));
    }

    private void AddLength(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);

    private Span<byte> Take(int count)
    {
        length += count;
        return buffer.AsSpan(length - count, count);
    }

    private void Reserve(int count)
    {
        if (buffer.Length - length < count) Array.Resize(ref buffer, Math.Max(2 * buffer.Length, length + count));
    }
}
