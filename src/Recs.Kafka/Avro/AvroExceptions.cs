namespace Recs.Kafka.Avro;

/// <summary>Bytes are not the Avro value that their schema says.</summary>
public sealed class AvroFormatException : FormatException
{
    /// <summary>With a message that says what was expected and what was found.</summary>
    public AvroFormatException(string message) : base(message) { }
}

/// <summary>A text is not an Avro schema, or values of one schema cannot be read as those of another.</summary>
public sealed class AvroSchemaException : FormatException
{
    /// <summary>With a message that says where and what.</summary>
    public AvroSchemaException(string message, Exception? inner = null) : base(message, inner) { }
}
