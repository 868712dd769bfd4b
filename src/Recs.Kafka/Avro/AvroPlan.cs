namespace Recs.Kafka.Avro;

/// <summary>
/// How values that were written with one schema are read as those of another. Values are null, <see cref="bool"/>, <see cref="int"/>, <see cref="long"/>, <see cref="float"/>,
/// <see cref="double"/>, <see cref="string"/>, <c>byte[]</c>, a list of values for an array, and <c>object?[]</c> for a record: the fields in the reader's order.
/// Immutable, for any number of threads.
/// </summary>
internal abstract class AvroPlan
{
    /// <summary>Reads the next value.</summary>
    /// <exception cref="AvroFormatException">The bytes are not such a value.</exception>
    public abstract object? Read(ref AvroReader reader);

    /// <summary>Reads a value that is all there is.</summary>
    /// <exception cref="AvroFormatException">The bytes are not such a value, or more than one.</exception>
    public object? ReadAll(ReadOnlySpan<byte> bytes)
    {
        var reader = new AvroReader(bytes);
        var value = Read(ref reader);
        return reader.Left == 0 ? value : throw new AvroFormatException($"{reader.Left} of {bytes.Length} bytes are left after the value.");
    }
}

/// <summary>A primitive value, promoted if the reader's type is wider.</summary>
internal sealed class PrimitivePlan(AvroType written, AvroType read) : AvroPlan
{
    public override object? Read(ref AvroReader reader) => written switch
    {
        AvroType.Null => null,
        AvroType.Boolean => reader.Boolean(),
        AvroType.Int => Promoted(reader.Int()),
        AvroType.Long => Promoted(reader.Long()),
        AvroType.Float when read == AvroType.Double => (double)reader.Float(),
        AvroType.Float => reader.Float(),
        AvroType.Double => reader.Double(),
        _ => read == AvroType.String ? reader.String() : reader.Bytes().ToArray(),
    };

    private object Promoted(long value) => read switch
    {
        AvroType.Int => (object)(int)value,
        AvroType.Float => (object)(float)value,
        AvroType.Double => (object)(double)value,
        _ => value, // each arm is boxed by itself: their common type would be double
    };
}

/// <summary>Whichever branch the writer took.</summary>
internal sealed class UnionPlan(IReadOnlyList<AvroPlan> branches) : AvroPlan
{
    public override object? Read(ref AvroReader reader) => branches[reader.Index(branches.Count)].Read(ref reader);
}

/// <summary>A branch of the writer's union that the reader has no place for: an error only if it is taken.</summary>
internal sealed class UnreadablePlan(string why) : AvroPlan
{
    public override object Read(ref AvroReader reader) => throw new AvroFormatException(why);
}

/// <summary>Items one after the other.</summary>
internal sealed class ArrayPlan(AvroPlan items) : AvroPlan
{
    public override object Read(ref AvroReader reader)
    {
        List<object?> values = []; // grows with what is read, not with what is announced
        for (var count = reader.Block(out _); count > 0; count = reader.Block(out _))
            for (var i = 0L; i < count; i++)
            {
                reader.Count();
                values.Add(items.Read(ref reader));
            }
        return values;
    }
}

/// <summary>What the writer does with a field: it goes to a place of the reader's record, or nowhere.</summary>
/// <param name="Written">Schema of what is passed over.</param>
/// <param name="Plan">How it is read; null for what the reader does not have.</param>
/// <param name="Place">Index of the reader's field.</param>
internal readonly record struct FieldPlan(AvroSchema Written, AvroPlan? Plan, int Place);

/// <summary>The writer's fields in their order, over the reader's defaults.</summary>
internal sealed class RecordPlan(IReadOnlyList<FieldPlan> fields, object?[] defaults) : AvroPlan
{
    public override object Read(ref AvroReader reader)
    {
        reader.Enter();
        var values = (object?[])defaults.Clone();
        foreach (var field in fields)
        {
            if (field.Plan is { } plan)
                values[field.Place] = plan.Read(ref reader);
            else
                AvroSkipping.Skip(field.Written, ref reader);
        }
        reader.Leave();
        return values;
    }
}
