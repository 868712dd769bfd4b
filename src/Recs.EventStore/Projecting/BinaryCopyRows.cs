using System.Buffers.Binary;
using System.Threading.Channels;
using Npgsql;

namespace Recs.EventStore.Projecting;

/// <summary>
/// Reads PostgreSQL's binary COPY format (signature, then per row a field count and per field a length and its bytes, all big-endian). A thread of
/// its own drains the socket into blocks while the caller parses the former one. The general reader of Npgsql spends more on a row than a fold does.
/// </summary>
internal sealed class BinaryCopyRows : IAsyncDisposable
{
    private const int BlockSize = 1 << 20;
    /// <summary>Room in front of each block for the rest of the former one: a row over the edge is read in one piece.</summary>
    private const int Headroom = 1 << 16;
    private const int Blocks = 4;
    private const int HeaderSize = 19;

    private static ReadOnlySpan<byte> Signature => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0];

    private readonly Channel<ArraySegment<byte>> full = Channel.CreateBounded<ArraySegment<byte>>(Blocks);
    private readonly Channel<byte[]> empty = Channel.CreateUnbounded<byte[]>();
    private readonly CancellationTokenSource stop;
    private readonly Task draining;
    private readonly Range[] fields;
    private byte[] block = [];
    private bool recyclable;
    private int start;
    private int end;

    private BinaryCopyRows(NpgsqlRawCopyStream stream, int columns, CancellationToken cancel)
    {
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        fields = new Range[columns];
        for (var i = 0; i < Blocks; i++) empty.Writer.TryWrite(new byte[Headroom + BlockSize]);
        draining = Task.Factory.StartNew(() => DrainAsync(stream), stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    /// <summary>Begins <c>copy (query) to stdout (format binary)</c> and checks the header.</summary>
    public static async Task<BinaryCopyRows> BeginAsync(NpgsqlConnection connection, string copy, int columns, CancellationToken cancel)
    {
        var stream = await connection.BeginRawBinaryCopyAsync(copy, cancel);
        var rows = new BinaryCopyRows(stream, columns, cancel);
        await rows.SkipHeaderAsync();
        return rows;
    }

    /// <summary>
    /// Parses one row that is in memory already.
    /// </summary>
    /// <returns>True for a row, false if a further block is needed (see <see cref="MoreAsync"/>), null after the last row.</returns>
    public bool? TryNext()
    {
        var bytes = block.AsSpan(start, end - start);
        if (bytes.Length < 2) return false;
        var count = BinaryPrimitives.ReadInt16BigEndian(bytes);
        if (count == -1) return null;
        if (count != fields.Length) throw new InvalidDataException($"A COPY row has {count} fields, expected {fields.Length}.");
        var at = 2;
        for (var i = 0; i < fields.Length; i++)
        {
            if (bytes.Length - at < 4) return false;
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
            at += 4;
            if (length < 0) length = 0; // null
            if (bytes.Length - at < length) return false;
            fields[i] = new(start + at, start + at + length);
            at += length;
        }
        start += at;
        return true;
    }

    /// <summary>Bytes of a field of the row just parsed; empty for null. Valid until the next row.</summary>
    public ReadOnlySpan<byte> Field(int i) => block.AsSpan(fields[i]);

    /// <summary>A bigint field, or microseconds since 2000 of a timestamptz field.</summary>
    public long Number(int i) => BinaryPrimitives.ReadInt64BigEndian(Field(i));

    /// <summary>Brings the next block, with the rest of this one in front of it.</summary>
    /// <exception cref="InvalidDataException">The stream ended in the middle of a row.</exception>
    public async ValueTask MoreAsync()
    {
        if (!await full.Reader.WaitToReadAsync(stop.Token) || !full.Reader.TryRead(out var next))
        {
            await draining; // throws what ended it, if anything did
            throw new InvalidDataException("The COPY stream ended in the middle of a row.");
        }
        var rest = end - start;
        if (rest <= Headroom)
        {
            block.AsSpan(start, rest).CopyTo(next.Array.AsSpan(Headroom - rest));
            Recycle();
            (block, recyclable, start, end) = (next.Array!, true, Headroom - rest, Headroom + next.Count);
            return;
        }
        // A row larger than the headroom: rare, so an array of its own may be made for it.
        var joined = new byte[rest + next.Count];
        block.AsSpan(start, rest).CopyTo(joined);
        next.AsSpan().CopyTo(joined.AsSpan(rest));
        Recycle();
        empty.Writer.TryWrite(next.Array!);
        (block, recyclable, start, end) = (joined, false, 0, joined.Length);
    }

    /// <summary>Stops draining; what is left unread is dropped.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        full.Reader.TryRead(out _);
        await draining.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task SkipHeaderAsync()
    {
        while (end - start < HeaderSize) await MoreAsync();
        if (!block.AsSpan(start, 11).SequenceEqual(Signature))
            throw new InvalidDataException("This is not a binary COPY stream.");
        start += HeaderSize + BinaryPrimitives.ReadInt32BigEndian(block.AsSpan(start + 15));
    }

    private void Recycle()
    {
        if (recyclable) empty.Writer.TryWrite(block);
    }

    private async Task DrainAsync(NpgsqlRawCopyStream stream)
    {
        await using (stream)
        {
            try
            {
                var more = true;
                while (more)
                {
                    var target = await empty.Reader.ReadAsync(stop.Token);
                    var used = 0;
                    // Synchronous reads: each brings one row, and an asynchronous state machine per row would cost more than the row.
                    while (used < BlockSize && more)
                    {
                        var read = stream.Read(target.AsSpan(Headroom + used));
                        more = read > 0;
                        used += read;
                    }
                    if (used > 0) await full.Writer.WriteAsync(new(target, Headroom, used), stop.Token);
                }
                full.Writer.Complete();
            }
            catch (Exception e)
            {
                full.Writer.TryComplete(e);
                throw;
            }
        }
    }
}
