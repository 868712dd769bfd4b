using System.Text.Json;

namespace Recs.Projections.Served;

/// <summary>The fields of a served or observed slate (or of a request that got none) that are counted, read without building its lists. Spans are those of the body.</summary>
internal ref struct SlateBody
{
    public string? Channel;
    public string? Model;
    public string? ModelVersion;
    public string? Reason;
    public string? Server;
    public int Status;
    public ReadOnlySpan<byte> RequestId;
    public DateTimeOffset At;
    public bool Personalized;
    public long Items;
    public long Microseconds;
    /// <summary>JSON array of the items; empty if there is none.</summary>
    public ReadOnlySpan<byte> ItemsJson;
    /// <summary>JSON array of the assignments; empty if there is none.</summary>
    public ReadOnlySpan<byte> AssignmentsJson;
    /// <summary>JSON array of the predicted ratings; empty if there is none.</summary>
    public ReadOnlySpan<byte> PredictedJson;
    /// <summary>The body was an empty object: the person's data was blanked.</summary>
    public bool Blank;

    private enum Property { Other, At, Items, Model, Reason, Server, Status, Channel, RequestId, LatencyMs, Assignments, ModelVersion, Personalized, PredictedRatings }

    /// <summary>Reads a body whose properties may come in any order; unknown ones are passed over.</summary>
    public static SlateBody Read(ReadOnlySpan<byte> json, IdPool names)
    {
        var slate = new SlateBody { Blank = true };
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            slate.Blank = false;
            var property = PropertyOf(reader.ValueSpan);
            reader.Read();
            slate.ReadValue(property, ref reader, json, names);
        }
        return slate;
    }

    private void ReadValue(Property property, ref Utf8JsonReader reader, ReadOnlySpan<byte> json, IdPool names)
    {
        switch (property)
        {
            case Property.Channel: Channel = Text(ref reader, names); break;
            case Property.Model: Model = Text(ref reader, names); break;
            case Property.ModelVersion: ModelVersion = Text(ref reader, names); break;
            case Property.Reason: Reason = Text(ref reader, names); break;
            case Property.Server: Server = Text(ref reader, names); break;
            case Property.Status: Status = reader.GetInt32(); break;
            case Property.RequestId: RequestId = reader.ValueSpan; break;
            case Property.At: At = reader.GetDateTimeOffset(); break;
            case Property.Personalized: Personalized = reader.GetBoolean(); break;
            case Property.LatencyMs: Microseconds = (long)Math.Round(reader.GetDouble() * 1000); break;
            case Property.Items: ItemsJson = Array(ref reader, json, out Items); break;
            case Property.Assignments: AssignmentsJson = Array(ref reader, json, out _); break;
            case Property.PredictedRatings: PredictedJson = Array(ref reader, json, out _); break;
            default: reader.Skip(); break;
        }
    }

    private static Property PropertyOf(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("At"u8) => Property.At,
        5 when name.SequenceEqual("Items"u8) => Property.Items,
        5 when name.SequenceEqual("Model"u8) => Property.Model,
        6 when name.SequenceEqual("Reason"u8) => Property.Reason,
        6 when name.SequenceEqual("Server"u8) => Property.Server,
        6 when name.SequenceEqual("Status"u8) => Property.Status,
        7 when name.SequenceEqual("Channel"u8) => Property.Channel,
        9 when name.SequenceEqual("RequestId"u8) => Property.RequestId,
        9 when name.SequenceEqual("LatencyMs"u8) => Property.LatencyMs,
        11 when name.SequenceEqual("Assignments"u8) => Property.Assignments,
        12 when name.SequenceEqual("ModelVersion"u8) => Property.ModelVersion,
        12 when name.SequenceEqual("Personalized"u8) => Property.Personalized,
        16 when name.SequenceEqual("PredictedRatings"u8) => Property.PredictedRatings,
        _ => Property.Other,
    };

    private static string Text(ref Utf8JsonReader reader, IdPool names) => reader.ValueIsEscaped ? reader.GetString()! : names[reader.ValueSpan];

    private static ReadOnlySpan<byte> Array(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json, out long count)
    {
        count = 0;
        if (reader.TokenType != JsonTokenType.StartArray) return default;
        var (start, depth) = ((int)reader.TokenStartIndex, reader.CurrentDepth);
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            count++;
            reader.Skip();
        }
        return json[start..(int)reader.BytesConsumed];
    }
}
