using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Recs.Contracts.JsonSchemas;
using Recs.Queries.Asking;

namespace Recs.Host.Publishing;

/// <summary>A topic whose values have a schema.</summary>
/// <param name="Topic">Name behind the prefix, such as <c>user_interactions</c>.</param>
/// <param name="Direction"><c>in</c>: others write it; <c>out</c>: this service does.</param>
/// <param name="Key">Field that is the message's key.</param>
/// <param name="JsonSchema">Path of the JSON Schema.</param>
/// <param name="AvroSchema">Path of the Avro schema.</param>
/// <param name="AvroSubject">Subject of the schema registry.</param>
public sealed record PublishedSchema(string Topic, string Direction, string Key, string JsonSchema, string AvroSchema, string AvroSubject);

/// <summary>The topics whose values have a schema.</summary>
public sealed record SchemaList(IReadOnlyList<PublishedSchema> Topics);

/// <summary><c>GET /schemas</c> and <c>GET /schemas/{topic}</c>: what the values of the topics look like. Every role answers it, to anybody.</summary>
internal static class PublishedSchemas
{
    private const string Json = "json", Avro = "avro";
    private const string JsonSchemaType = "application/schema+json", AvroSchemaType = "application/json";

    private static readonly SchemaList List = new([.. TopicSchemas.All.Select(schema => new PublishedSchema(
        schema.Topic, schema.Direction == TopicDirection.In ? "in" : "out", schema.Key, $"/schemas/{schema.Topic}", $"/schemas/{schema.Topic}?format={Avro}", schema.Avro.Name))]);

    /// <summary>Maps the routes.</summary>
    public static void MapPublishedSchemas(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/schemas", () => Results.Json(List, SchemasJson.Default.SchemaList))
            .WithName("Schemas").WithTags("Topics").WithSummary("The Kafka topics whose values have a schema")
            .Produces<SchemaList>();
        routes.MapGet("/schemas/{topic}", Find)
            .WithName("Schema").WithTags("Topics").WithSummary("JSON Schema or Avro schema of a topic's values")
            .Produces<object>(StatusCodes.Status200OK, JsonSchemaType, AvroSchemaType).ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static IResult Find(
        HttpContext http, [Description("Name of the topic behind the prefix, such as user_interactions.")] string topic,
        [FromQuery, Description("json for the JSON Schema (draft 2020-12), avro for the Avro schema; json if left out."), OneOf(Json, Avro)] string? format)
    {
        var query = new QueryReader(http.Request, nameof(format));
        var asked = query.OneOf(nameof(format), Json, Json, Avro);
        if (query.Refusal is { } refusal)
            return refusal;
        if (TopicSchemas.Find(topic) is not { } schema)
            return Results.Problem($"No topic with a schema is called so. There are: {string.Join(", ", TopicSchemas.All.Select(known => known.Topic))}.", statusCode: StatusCodes.Status404NotFound);
        return asked == Avro ? Results.Text(schema.Avro.Schema, AvroSchemaType) : Results.Text(schema.JsonSchema, JsonSchemaType);
    }
}

/// <summary>How the list is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SchemaList))]
internal sealed partial class SchemasJson : JsonSerializerContext;
