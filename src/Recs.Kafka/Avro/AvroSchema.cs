using System.Text.Json;

namespace Recs.Kafka.Avro;

/// <summary>Kinds of Avro schemas.</summary>
internal enum AvroType { Null, Boolean, Int, Long, Float, Double, Bytes, String, Record, Enum, Fixed, Array, Map, Union }

/// <summary>An Avro schema (specification 1.11). The same object wherever a named type is referred to, so that recursive types are cycles.</summary>
internal abstract class AvroSchema(AvroType type)
{
    /// <summary>Which kind.</summary>
    public AvroType Type { get; } = type;

    /// <summary>Such as <c>long</c>, <c>record recs.UserInteraction</c> or <c>union of null, int</c>.</summary>
    public override string ToString() => Type.ToString().ToLowerInvariant();
}

/// <summary>One of the eight primitive types.</summary>
/// <param name="type">Null to String.</param>
/// <param name="logical">Logical type, such as <c>timestamp-millis</c>; null for none.</param>
internal sealed class AvroPrimitive(AvroType type, string? logical) : AvroSchema(type)
{
    /// <summary>What the number or text stands for, such as <c>timestamp-millis</c>; null if nobody says.</summary>
    public string? Logical { get; } = logical;

    public override string ToString() => Logical is null ? base.ToString() : $"{base.ToString()} ({Logical})";
}

/// <summary>Fields, written one after the other.</summary>
internal sealed class AvroRecord(string name) : AvroSchema(AvroType.Record)
{
    /// <summary>Name with namespace.</summary>
    public string Name { get; } = name;

    /// <summary>In the order in which they are written. Set once by the parser: a field's type may be this record.</summary>
    public IReadOnlyList<AvroField> Fields { get; set; } = [];

    public override string ToString() => "record " + Name;
}

/// <summary>A field of a record.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its schema.</param>
/// <param name="Default">What a reader takes where the writer has no such field; null if it must be there.</param>
/// <param name="Aliases">Former names.</param>
internal sealed record AvroField(string Name, AvroSchema Type, JsonElement? Default, IReadOnlyList<string> Aliases);

/// <summary>One of some words, written as its place among them.</summary>
internal sealed class AvroEnum(string name) : AvroSchema(AvroType.Enum)
{
    public override string ToString() => "enum " + name;
}

/// <summary>So many bytes.</summary>
internal sealed class AvroFixed(string name, int size) : AvroSchema(AvroType.Fixed)
{
    /// <summary>Number of bytes.</summary>
    public int Size { get; } = size;

    public override string ToString() => "fixed " + name;
}

/// <summary>Any number of items.</summary>
internal sealed class AvroArray(AvroSchema items) : AvroSchema(AvroType.Array)
{
    /// <summary>Schema of each item.</summary>
    public AvroSchema Items { get; } = items;

    public override string ToString() => $"array of {Items}";
}

/// <summary>Values by text.</summary>
internal sealed class AvroMap(AvroSchema values) : AvroSchema(AvroType.Map)
{
    /// <summary>Schema of each value.</summary>
    public AvroSchema Values { get; } = values;

    public override string ToString() => $"map of {Values}";
}

/// <summary>One of some schemas, written as the place of the one, then its value.</summary>
internal sealed class AvroUnion(IReadOnlyList<AvroSchema> branches) : AvroSchema(AvroType.Union)
{
    /// <summary>The schemas, none a union.</summary>
    public IReadOnlyList<AvroSchema> Branches { get; } = branches;

    public override string ToString() => $"union of {string.Join(", ", Branches)}";
}
