using System.Diagnostics;
using System.Text;

namespace Recs.EventStore.Telemetry;

/// <summary>
/// The trace that an event came from, kept in the event's headers as W3C's <c>traceparent</c>, so that whoever folds the event later, in whichever process,
/// can join the trace. Written only for traces that somebody records.
/// </summary>
internal static class TraceHeader
{
    /// <summary>Property of the headers.</summary>
    public const string Name = "traceparent";

    /// <summary>The activity as a header's value; null if there is none or nobody records it.</summary>
    public static string? Of(Activity? activity) => activity is { Recorded: true, IdFormat: ActivityIdFormat.W3C } ? activity.Id : null;

    /// <summary>The context that a header names; the default context if it is none.</summary>
    public static ActivityContext Parse(string? traceParent)
        => ActivityContext.TryParse(traceParent, null, isRemote: true, out var context) ? context : default;

    /// <summary>Headers (a UTF-8 JSON object, or empty) with the trace added, unless they name one already.</summary>
    public static ReadOnlyMemory<byte> Into(ReadOnlyMemory<byte> headers, string? traceParent)
    {
        if (traceParent is null || headers.Span.IndexOf("\"traceparent\""u8) >= 0) return headers;
        var property = $"{{\"{Name}\":\"{traceParent}\"";
        if (headers.IsEmpty) return Encoding.ASCII.GetBytes(property + "}");
        var rest = headers.Span.TrimStart(" \t\r\n"u8);
        if (rest.IsEmpty || rest[0] != (byte)'{') return headers; // not an object: the database says so
        rest = rest[1..].TrimStart(" \t\r\n"u8);
        byte[] joined = [.. Encoding.ASCII.GetBytes(property), .. rest.StartsWith("}"u8) ? ""u8 : ","u8, .. rest];
        return joined;
    }
}
