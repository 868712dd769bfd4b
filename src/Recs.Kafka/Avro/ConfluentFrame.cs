using System.Buffers;
using System.Buffers.Binary;
using Recs.Kafka.Messages;

namespace Recs.Kafka.Avro;

/// <summary>What stands before a record whose schema is in a registry: a zero byte, then the schema's id in four bytes, most significant first.</summary>
internal static class ConfluentFrame
{
    /// <summary>Bytes before the record.</summary>
    public const int Length = 1 + sizeof(int);

    /// <summary>Writes one.</summary>
    public static void Write(IBufferWriter<byte> output, int schemaId)
    {
        var span = output.GetSpan(Length);
        span[0] = IFrameDecoder.Magic;
        BinaryPrimitives.WriteInt32BigEndian(span[1..], schemaId);
        output.Advance(Length);
    }

    /// <summary>Reads one; false where there is none, or only a part of it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out int schemaId)
    {
        schemaId = IFrameDecoder.IsFramed(value) && value.Length >= Length ? BinaryPrimitives.ReadInt32BigEndian(value[1..]) : -1;
        return schemaId >= 0;
    }
}
