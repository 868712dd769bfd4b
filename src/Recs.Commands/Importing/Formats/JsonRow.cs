using System.Text.Json;

namespace Recs.Commands.Importing.Formats;

/// <summary>A value that was read, or why it could not be.</summary>
/// <param name="Value">The value, if it could be read.</param>
/// <param name="Reason">One of <see cref="RejectReasons"/>, or null.</param>
/// <param name="Detail">For a person; null if it could be read.</param>
internal readonly record struct Field<T>(T? Value, string? Reason = null, string? Detail = null)
{
    public static Field<T> Bad(string reason, string detail) => new(default, reason, detail);
}

/// <summary>The object of a line; the same thing may go under several names.</summary>
internal readonly struct JsonRow(JsonElement row)
{
    /// <summary>The first of the names under which the object has something else than null.</summary>
    public JsonElement? Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (row.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null) return value;
        return null;
    }

    /// <summary>A text, or a number as it is written; null if there is none.</summary>
    /// <returns>False if it is something else.</returns>
    public bool TryText(out string? text, params ReadOnlySpan<string> names)
    {
        var value = Find(names);
        text = value?.ValueKind switch { JsonValueKind.String => value.Value.GetString(), JsonValueKind.Number => value.Value.GetRawText(), _ => null };
        return value is null || text is not null;
    }

    /// <summary>A list of texts, or of objects that have a text under this name; each text once.</summary>
    /// <returns>Null if it is something else.</returns>
    public static List<string>? Texts(JsonElement list, string name)
    {
        if (list.ValueKind != JsonValueKind.Array) return null;
        var texts = new List<string>();
        foreach (var item in list.EnumerateArray())
        {
            var value = item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var named) ? named : item;
            if (value.ValueKind != JsonValueKind.String) return null;
            if (!texts.Contains(value.GetString()!, StringComparer.OrdinalIgnoreCase)) texts.Add(value.GetString()!);
        }
        return texts;
    }
}
