using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Recs.Training.Snapshots;

/// <summary>
/// Parses PostgreSQL's binary COPY format (PostgreSQL documentation, "COPY", "Binary Format") for rows of seq_id int8, user text, movie text, rating float8
/// (null for a watch) and at jsonb (cheaper for the server than a timestamp, and read as every other reader of the event reads it).
/// </summary>
internal sealed class InteractionCopy(Stream copy, InteractionSetBuilder builder)
{
    private const int BufferBytes = 1 << 20;
    private const int LongestRow = 4096; // ids are at most 200 characters, so a valid row is far shorter
    private const int MostIdBytes = 1000;
    private const int Fields = 5;
    private const short EndOfData = -1;
    private const byte JsonbVersion = 1; // precedes the text of every jsonb

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _from;
    private int _to;
    private bool _ended;
    private long _sequence;

    public async Task ReadAsync(CancellationToken cancel)
    {
        await FillAsync(cancel);
        ReadHeader();
        while (true)
        {
            if (_to - _from < LongestRow)
                await FillAsync(cancel);
            if (!ReadRow())
                return;
        }
    }

    private async Task FillAsync(CancellationToken cancel)
    {
        _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
        (_from, _to) = (0, _to - _from);
        while (!_ended && _to < _buffer.Length)
        {
            var read = await copy.ReadAsync(_buffer.AsMemory(_to), cancel);
            _ended = read == 0;
            _to += read;
        }
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
        var fields = BinaryPrimitives.ReadInt16BigEndian(Take(2));
        if (fields == EndOfData)
            return false;
        if (fields != Fields)
            throw new InvalidDataException($"PostgreSQL's binary COPY stream has a row of {fields} fields instead of {Fields}.");
        _sequence = BinaryPrimitives.ReadInt64BigEndian(Field("seq_id"));
        Span<char> user = stackalloc char[MostIdBytes], movie = stackalloc char[MostIdBytes];
        user = user[..Id(user, "UserId")];
        movie = movie[..Id(movie, "MovieId")];
        var rating = Field("Rating", optional: true);
        var halfStars = rating.IsEmpty ? (byte)0 : HalfStars(BinaryPrimitives.ReadDoubleBigEndian(rating));
        builder.Add(user, movie, halfStars, At());
        return true;
    }

    private long At()
    {
        var json = Field("At");
        if (json.Length > 1 && json[0] == JsonbVersion)
        {
            var reader = new Utf8JsonReader(json[1..]);
            if (reader.Read() && reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var at))
                return at.ToUnixTimeMilliseconds();
        }

        throw new InvalidDataException($"Event {_sequence} has no ISO-8601 time in At.");
    }

    private byte HalfStars(double stars)
    {
        try
        {
            return InteractionSetBuilder.ToHalfStars(stars);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"Event {_sequence}: {e.Message}", e);
        }
    }

    private int Id(Span<char> target, string name)
    {
        var utf8 = Field(name);
        return utf8.Length is > 0 and <= MostIdBytes
            ? Encoding.UTF8.GetChars(utf8, target)
            : throw new InvalidDataException($"Event {_sequence} has a {name} of {utf8.Length} bytes.");
    }

    private ReadOnlySpan<byte> Field(string name, bool optional = false)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(Take(4));
        return length >= 0 ? Take(length) : optional ? [] : throw new InvalidDataException($"Event {_sequence} has no {name}.");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _to - _from)
            throw new InvalidDataException($"PostgreSQL's binary COPY stream ends in the middle of a row, or the row is longer than {LongestRow} bytes (after event {_sequence}).");
        var taken = _buffer.AsSpan(_from, count);
        _from += count;
        return taken;
    }
}
