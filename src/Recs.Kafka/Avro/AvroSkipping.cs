namespace Recs.Kafka.Avro;

/// <summary>Passes over values that a reader does not want.</summary>
internal static class AvroSkipping
{
    /// <summary>Passes over one value.</summary>
    /// <exception cref="AvroFormatException">The bytes are not such a value.</exception>
    public static void Skip(AvroSchema schema, ref AvroReader reader)
    {
        reader.Count();
        switch (schema)
        {
            case AvroRecord record:
                reader.Enter();
                foreach (var field in record.Fields)
                    Skip(field.Type, ref reader);
                reader.Leave();
                return;
            case AvroUnion union:
                Skip(union.Branches[reader.Index(union.Branches.Count)], ref reader);
                return;
            case AvroArray array:
                SkipBlocks(array.Items, keyed: false, ref reader);
                return;
            case AvroMap map:
                SkipBlocks(map.Values, keyed: true, ref reader);
                return;
            case AvroFixed bytes:
                reader.Skip(bytes.Size);
                return;
            default:
                SkipPrimitive(schema.Type, ref reader);
                return;
        }
    }

    private static void SkipBlocks(AvroSchema items, bool keyed, ref AvroReader reader)
    {
        for (var count = reader.Block(out var bytes); count > 0; count = reader.Block(out bytes))
        {
            reader.Count();
            if (bytes >= 0)
            {
                reader.Skip(bytes);
                continue;
            }
            for (var i = 0L; i < count; i++)
            {
                if (keyed) reader.Bytes();
                Skip(items, ref reader);
            }
        }
    }

    private static void SkipPrimitive(AvroType type, ref AvroReader reader)
    {
        switch (type)
        {
            case AvroType.Null:
                return;
            case AvroType.Boolean:
                reader.Skip(sizeof(bool));
                return;
            case AvroType.Int or AvroType.Long or AvroType.Enum:
                reader.Long();
                return;
            case AvroType.Float:
                reader.Skip(sizeof(float));
                return;
            case AvroType.Double:
                reader.Skip(sizeof(double));
                return;
            default:
                reader.Bytes();
                return;
        }
    }
}
