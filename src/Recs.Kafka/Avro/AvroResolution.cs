using System.Text.Json;

namespace Recs.Kafka.Avro;

/// <summary>
/// Decides how values of a writer's schema are read as those of a reader's: Avro specification 1.11, "Schema Resolution". Stricter in one point: where both name a logical type it
/// must be the same, since a time in microseconds is no time in milliseconds. Laxer in one: a record's name does not matter, since producers name their own.
/// The reader's schema is one of ours, without maps, enums and fixed bytes, and no type of it contains itself.
/// </summary>
internal static class AvroResolution
{
    /// <summary>The plan.</summary>
    /// <exception cref="AvroSchemaException">No value of the one can be read as one of the other.</exception>
    public static AvroPlan Resolve(AvroSchema writer, AvroSchema reader) => Resolve(writer, reader, "the value");

    private static AvroPlan Resolve(AvroSchema writer, AvroSchema reader, string where) => (writer, reader) switch
    {
        (AvroUnion union, _) => Branches(union, reader, where),
        (_, AvroUnion union) => FirstOf(writer, union, where),
        (AvroRecord from, AvroRecord to) => Record(from, to),
        (AvroArray from, AvroArray to) => new ArrayPlan(Resolve(from.Items, to.Items, $"an item of {where}")),
        (AvroPrimitive from, AvroPrimitive to) when Promotes(from.Type, to.Type) && (from.Logical is null || to.Logical is null || from.Logical == to.Logical) => new PrimitivePlan(from.Type, to.Type),
        _ => throw new AvroSchemaException($"The writer's schema has {where} as {writer}, which cannot be read as {reader}."),
    };

    private static UnionPlan Branches(AvroUnion writer, AvroSchema reader, string where)
    {
        List<AvroPlan> plans = [];
        foreach (var branch in writer.Branches)
        {
            try
            {
                plans.Add(Resolve(branch, reader, where));
            }
            catch (AvroSchemaException e)
            {
                plans.Add(new UnreadablePlan(e.Message));
            }
        }
        return plans.Any(plan => plan is not UnreadablePlan) ? new(plans) : throw new AvroSchemaException($"The writer's schema has {where} as {writer}, which cannot be read as {reader}.");
    }

    private static AvroPlan FirstOf(AvroSchema writer, AvroUnion reader, string where)
    {
        foreach (var branch in reader.Branches)
        {
            if (branch.Type == writer.Type || (branch is AvroPrimitive && Promotes(writer.Type, branch.Type)))
                return Resolve(writer, branch, where);
        }
        throw new AvroSchemaException($"The writer's schema has {where} as {writer}, which cannot be read as {reader}.");
    }

    private static RecordPlan Record(AvroRecord writer, AvroRecord reader)
    {
        var defaults = new object?[reader.Fields.Count];
        var source = new int[writer.Fields.Count];
        Array.Fill(source, -1);
        for (var place = 0; place < reader.Fields.Count; place++)
        {
            var field = reader.Fields[place];
            if (IndexOf(writer, field) is >= 0 and var index)
                source[index] = place;
            else
                defaults[place] = field.Default is { } value ? Default(value, field.Type, field.Name)
                    : throw new AvroSchemaException($"The writer's schema, {writer}, has no field '{field.Name}', which has no default.");
        }
        return new([.. writer.Fields.Select((field, i) => source[i] is >= 0 and var place
            ? new FieldPlan(field.Type, Resolve(field.Type, reader.Fields[place].Type, $"the field '{field.Name}'"), place)
            : new FieldPlan(field.Type, null, -1))], defaults);
    }

    private static int IndexOf(AvroRecord writer, AvroField wanted)
    {
        foreach (var name in (IEnumerable<string>)[wanted.Name, .. wanted.Aliases])
            for (var i = 0; i < writer.Fields.Count; i++)
                if (writer.Fields[i].Name == name) return i;
        return -1;
    }

    private static bool Promotes(AvroType from, AvroType to) => from == to || (from, to) is
        (AvroType.Int, AvroType.Long or AvroType.Float or AvroType.Double)
        or (AvroType.Long, AvroType.Float or AvroType.Double)
        or (AvroType.Float, AvroType.Double)
        or (AvroType.String, AvroType.Bytes) or (AvroType.Bytes, AvroType.String);

    /// <summary>A default of ours; a union's is that of its first branch.</summary>
    private static object? Default(JsonElement json, AvroSchema schema, string field) => (schema.Type, json.ValueKind) switch
    {
        (AvroType.Union, _) => Default(json, ((AvroUnion)schema).Branches[0], field),
        (AvroType.Null, JsonValueKind.Null) => null,
        (AvroType.Boolean, JsonValueKind.True or JsonValueKind.False) => json.GetBoolean(),
        (AvroType.Int, JsonValueKind.Number) => json.GetInt32(),
        (AvroType.Long, JsonValueKind.Number) => json.GetInt64(),
        (AvroType.Float, JsonValueKind.Number) => json.GetSingle(),
        (AvroType.Double, JsonValueKind.Number) => json.GetDouble(),
        (AvroType.String, JsonValueKind.String) => json.GetString(),
        (AvroType.Array, JsonValueKind.Array) => json.EnumerateArray().Select(item => Default(item, ((AvroArray)schema).Items, field)).ToList(),
        _ => throw new AvroSchemaException($"The default of the field '{field}', {json.GetRawText()}, is none of {schema}."),
    };
}
