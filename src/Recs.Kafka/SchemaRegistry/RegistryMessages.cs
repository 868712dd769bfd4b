using System.Text.Json.Serialization;

namespace Recs.Kafka.SchemaRegistry;

/// <summary>A schema that the registry has.</summary>
/// <param name="Schema">Its text.</param>
/// <param name="SchemaType">AVRO, JSON or PROTOBUF; null for AVRO.</param>
public sealed record RegisteredSchema(string Schema, string? SchemaType)
{
    /// <summary>AVRO, JSON or PROTOBUF.</summary>
    [JsonIgnore]
    public string Type => SchemaType ?? "AVRO";

    /// <summary>Whether it is an Avro schema.</summary>
    [JsonIgnore]
    public bool IsAvro => Type == "AVRO";
}

/// <summary>A schema that is offered.</summary>
internal sealed record OfferedSchema(string Schema, string SchemaType = "AVRO");

/// <summary>The id that a schema got.</summary>
internal sealed record GivenId(int? Id);

/// <summary>Whether a schema could follow the latest one of its subject.</summary>
/// <param name="IsCompatible">Whether it could.</param>
/// <param name="Messages">Why not, in the registry's words.</param>
internal sealed record Compatibility(bool? IsCompatible, IReadOnlyList<string>? Messages);

/// <summary>Why the registry did not do it.</summary>
/// <param name="ErrorCode">HTTP status, or that with two more digits, such as 40403.</param>
/// <param name="Message">In its words.</param>
internal sealed record RegistryError(int? ErrorCode, string? Message);

/// <summary>How they are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OfferedSchema))]
[JsonSerializable(typeof(RegisteredSchema))]
[JsonSerializable(typeof(GivenId))]
internal sealed partial class RegistryJson : JsonSerializerContext;

/// <summary>How those are written that use the other convention.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Compatibility))]
[JsonSerializable(typeof(RegistryError))]
internal sealed partial class RegistrySnakeJson : JsonSerializerContext;
