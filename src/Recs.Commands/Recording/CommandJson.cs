using System.Text.Json;
using System.Text.Json.Serialization;
using Recs.Commands.Batching;
using Recs.Commands.Cataloguing;
using Recs.Commands.Opening;
using Recs.Commands.Rating;
using Recs.Commands.Registering;
using Recs.Commands.Watching;

namespace Recs.Commands.Recording;

/// <summary>How commands are read and answered: camelCase; a property that no command has is an error, so that a typing mistake is never ignored.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, NumberHandling = JsonNumberHandling.Strict, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(RateMovie))]
[JsonSerializable(typeof(WatchMovie))]
[JsonSerializable(typeof(OpenMovie))]
[JsonSerializable(typeof(FactStored))]
[JsonSerializable(typeof(EventLine))]
[JsonSerializable(typeof(LineResult))]
[JsonSerializable(typeof(DescribeUser))]
[JsonSerializable(typeof(UserDescribed))]
[JsonSerializable(typeof(DescribeMovie))]
[JsonSerializable(typeof(MovieDescribed))]
internal sealed partial class CommandJson : JsonSerializerContext;

/// <summary>An id in a body: text, or a whole number that is meant as text (<c>42</c> is <c>"42"</c>).</summary>
internal sealed class IdConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number when reader.TryGetInt64(out var number) => number.ToString(),
        _ => throw new JsonException("an id is text or a whole number"),
    };

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
