using System.Buffers.Binary;
using System.Text.Json;

namespace Recs.Training.Snapshots;

/// <summary>
/// Parses PostgreSQL's binary COPY format (PostgreSQL documentation, "COPY", "Binary Format") for rows of events whose first field is seq_id int8: one row
/// at a time, the fields in their order, out of one buffer.
/// </summary>
internal sealed class BinaryCopy(Stream copy, int fields)
{
    private const int BufferBytes = 1 << 20;
    private const int LongestRow = 4096; // ids are at most 200 characters, so a valid row is far shorter
    private const int MostIdBytes = 1000;
    private const short EndOfData = -1;
    private const byte JsonbVersion = 1; // precedes the text of every jsonb

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _from;
    private int _to;
    private bool _began;
    private bool _ended;

    /// <summary>Position of the row's event in the log.</summary>
    public long Sequence { get; private set; }

    /// <summary>Goes to the next row.</summary>
    /// <returns>False if there is none.</returns>
    public ValueTask<bool> NextAsync(CancellationToken cancel) => _to - _from < LongestRow && !_ended ? FillAndReadAsync(cancel) : new(ReadRow());

    /// <summary>The next field, which must not be null; valid until the next row.</summary>
    public ReadOnlySpan<byte> Field(string name) => TryField(out var field) ? field : throw new InvalidDataException($"Event {Sequence} has no {name}.");

    /// <summary>The next field.</summary>
    /// <returns>False if it is null.</returns>
    public bool TryField(out ReadOnlySpan<byte> field)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(Take(4));
        field = length < 0 ? [] : Take(length);
        return length >= 0;
    }

    /// <summary>The next field, a text id, in UTF-8.</summary>
    public ReadOnlySpan<byte> Id(string name)
    {
        var utf8 = Field(name);
        return utf8.Length is > 0 and <= MostIdBytes ? utf8 : throw new InvalidDataException($"Event {Sequence} has a {name} of {utf8.Length} bytes.");
    }

    /// <summary>The next field, a rating (float8) or null.</summary>
    /// <returns>The rating in half stars, 1 to 10; 0 for null.</returns>
    public byte HalfStars()
    {
        if (!TryField(out var rating))
            return 0;
        try
        {
            return InteractionSetBuilder.ToHalfStars(BinaryPrimitives.ReadDoubleBigEndian(rating));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"Event {Sequence}: {e.Message}", e);
        }
    }

    /// <summary>The next field, the time as jsonb: cheaper for the server than a timestamp, and read as every other reader of the event reads it.</summary>
    public DateTimeOffset At()
    {
        var json = Field("At");
        if (json.Length > 1 && json[0] == JsonbVersion)
        {
            var reader = new Utf8JsonReader(json[1..]);
            if (reader.Read() && reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var at))
                return at;
        }

        throw new InvalidDataException($"Event {Sequence} has no ISO-8601 time in At.");
    }

    private async ValueTask<bool> FillAndReadAsync(CancellationToken cancel)
    {
        _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
        (_from, _to) = (0, _to - _from);
        while (!_ended && _to < _buffer.Length)
        {
            var read = await copy.ReadAsync(_buffer.AsMemory(_to), cancel);
            _ended = read == 0;
            _to += read;
        }

        if (!_began)
            ReadHeader();
        _began = true;
        return ReadRow();
    }

    private void ReadHeader()
    {
        const int signatureAndFlags = 15;
        if (!_buffer.AsSpan(0, _to).StartsWith("PGCOPY\n"u8))
            throw new InvalidDataException("PostgreSQL's binary COPY stream does not start as documented.");
        _from = signatureAndFlags;
        var extension = BinaryPrimitives.ReadInt32BigEndian(Take(4));
        Take(extension);
    }

    private bool ReadRow()
    {
        var found = BinaryPrimitives.ReadInt16BigEndian(Take(2));
        if (found == EndOfData)
            return false;
        if (found != fields)
            throw new InvalidDataException($"PostgreSQL's binary COPY stream has a row of {found} fields instead of {fields}.");
        Sequence = BinaryPrimitives.ReadInt64BigEndian(Field("seq_id"));
        return true;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _to - _from)
            throw new InvalidDataException($"PostgreSQL's binary COPY stream ends in the middle of a row, or the row is longer than {LongestRow} bytes (after event {Sequence}).");
        var taken = _buffer.AsSpan(_from, count);
        _from += count;
        return taken;
    }
}
