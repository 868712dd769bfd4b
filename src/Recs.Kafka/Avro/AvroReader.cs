using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Recs.Kafka.Avro;

/// <summary>
/// Reads primitive values out of bytes that anybody may have sent. No length in them is believed: memory grows only with bytes that are there, and a message cannot make the
/// reader work for longer, or call itself deeper, than its size allows.
/// </summary>
internal ref struct AvroReader(ReadOnlySpan<byte> bytes)
{
    /// <summary>Deepest nesting of records.</summary>
    private const int Deepest = 64;

    /// <summary>Values that take no bytes, such as nulls, of one message.</summary>
    private const int FreeValues = 10_000;

    private readonly int length = bytes.Length;
    private ReadOnlySpan<byte> rest = bytes;
    private long values = FreeValues + (long)bytes.Length;
    private int depth;

    /// <summary>Bytes that were not read yet.</summary>
    public readonly int Left => rest.Length;

    /// <summary>Where the next byte stands, for messages.</summary>
    private readonly int Position => length - rest.Length;

    /// <summary>Counts a value that is about to be read.</summary>
    /// <exception cref="AvroFormatException">There were more than such a message can hold.</exception>
    public void Count()
    {
        if (--values < 0)
            throw new AvroFormatException($"{length} bytes claim more values than that many bytes can hold.");
    }

    /// <summary>A record begins; call <see cref="Leave"/> at its end.</summary>
    /// <exception cref="AvroFormatException">Too many stand in one another.</exception>
    public void Enter()
    {
        if (++depth > Deepest)
            throw new AvroFormatException($"Records stand in one another more than {Deepest} deep.");
    }

    /// <summary>A record ended.</summary>
    public void Leave() => depth--;

    /// <summary>A zigzag varint of at most 64 bits.</summary>
    public long Long()
    {
        ulong value = 0;
        for (var i = 0; i < rest.Length; i++)
        {
            var part = rest[i];
            if (i == 9 && part > 1)
                throw new AvroFormatException($"The number at byte {Position} has more than 64 bits.");
            value |= (ulong)(part & 0x7F) << (7 * i);
            if (part >= 0x80) continue;
            rest = rest[(i + 1)..];
            return (long)(value >> 1) ^ -(long)(value & 1);
        }
        throw Ended("a number");
    }

    /// <summary>A zigzag varint of at most 32 bits.</summary>
    public int Int()
    {
        var at = Position;
        return Long() is >= int.MinValue and <= int.MaxValue and var value ? (int)value : throw new AvroFormatException($"The int at byte {at} has more than 32 bits.");
    }

    /// <summary>One byte, 0 or 1.</summary>
    public bool Boolean() => Take(1, "a boolean")[0] switch
    {
        0 => false,
        1 => true,
        var other => throw new AvroFormatException($"The boolean at byte {Position - 1} is {other}, neither 0 nor 1."),
    };

    /// <summary>Four bytes.</summary>
    public float Float() => BinaryPrimitives.ReadSingleLittleEndian(Take(4, "a float"));

    /// <summary>Eight bytes.</summary>
    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8, "a double"));

    /// <summary>Bytes after their number.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        var at = Position;
        var count = Long();
        return count >= 0 && count <= rest.Length ? Take((int)count, "bytes") : throw new AvroFormatException($"At byte {at}, {count} bytes are announced, and {rest.Length} are left.");
    }

    /// <summary>UTF-8 after its length in bytes.</summary>
    public string String()
    {
        var at = Position;
        var text = Bytes();
        return Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : throw new AvroFormatException($"The string at byte {at} is not UTF-8.");
    }

    /// <summary>The place of a union's branch or of an enum's symbol.</summary>
    /// <param name="count">How many there are.</param>
    public int Index(int count)
    {
        var at = Position;
        return Long() is >= 0 and var index && index < count ? (int)index : throw new AvroFormatException($"At byte {at}, one of {count} branches is to be named by its place, from 0.");
    }

    /// <summary>Number of items of an array's or map's next block; 0 after the last.</summary>
    /// <param name="bytes">How many bytes the block has, if it says; else -1.</param>
    public long Block(out int bytes)
    {
        bytes = -1;
        var at = Position;
        var count = Long();
        if (count >= 0) return count;
        var size = Long();
        if (count == long.MinValue || size < 0 || size > rest.Length)
            throw new AvroFormatException($"The block at byte {at} announces {size} bytes, and {rest.Length} are left.");
        bytes = (int)size;
        return -count;
    }

    /// <summary>Passes over bytes, whatever they are.</summary>
    public void Skip(int count) => Take(count, "a value");

    private ReadOnlySpan<byte> Take(int count, string what)
    {
        if (count > rest.Length) throw Ended(what);
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    private readonly AvroFormatException Ended(string what) => new($"The bytes end after {length}, within {what} that begins at byte {Position}.");
}
