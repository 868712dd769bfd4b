namespace Recs.Acceptance.Observing;

/// <summary>A protobuf message, read field by field without its schema.</summary>
public readonly ref struct ProtobufFields(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> _message = message;

    /// <summary>The bytes of each occurrence of a field that holds bytes, text or a message.</summary>
    public List<byte[]> All(int field)
    {
        List<byte[]> found = [];
        for (var at = 0; at < _message.Length;)
        {
            var key = Varint(ref at);
            var length = (key & 7) switch
            {
                0 => Skip(ref at),
                1 => 8,
                2 => (int)Varint(ref at),
                5 => 4,
                var kind => throw new FormatException($"A field has the wire type {kind}."),
            };
            if (key >> 3 == (ulong)field && (key & 7) == 2)
                found.Add(_message.Slice(at, length).ToArray());
            at += length;
        }
        return found;
    }

    /// <summary>The only occurrence of a field, or nothing.</summary>
    public byte[] One(int field) => All(field) is [var only] ? only : [];

    private int Skip(ref int at)
    {
        Varint(ref at);
        return 0;
    }

    private ulong Varint(ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = _message[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
    }
}
