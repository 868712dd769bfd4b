using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Recs.Host.Observing;

/// <summary>Log lines as JSON objects: <c>time</c>, <c>level</c>, <c>category</c>, <c>message</c>, its parts under <c>fields</c>, <c>requestId</c> and <c>spanId</c> within a request, <c>error</c>.</summary>
internal sealed class JsonLines(TimeProvider clock) : ConsoleFormatter(FormatName)
{
    /// <summary>Name of the format.</summary>
    public const string FormatName = "recs-json";

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }; // unsafe in HTML only, which a log is not

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
        => textWriter.WriteLine(Line(
            clock.GetUtcNow(), logEntry.LogLevel, logEntry.Category, logEntry.Formatter(logEntry.State, null),
            logEntry.State as IReadOnlyList<KeyValuePair<string, object?>> ?? [], logEntry.Exception));

    /// <summary>One line, without its end.</summary>
    public static string Line(
        DateTimeOffset time, LogLevel level, string category, string message, IReadOnlyList<KeyValuePair<string, object?>> fields, Exception? error)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteString("time", time.UtcDateTime);
            json.WriteString("level", LogLevels.Name(level));
            json.WriteString("category", category);
            json.WriteString("message", message);
            if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } span)
            {
                json.WriteString("requestId", span.TraceId.ToHexString());
                json.WriteString("spanId", span.SpanId.ToHexString());
            }
            WriteFields(json, fields);
            if (error is not null)
                json.WriteString("error", error.ToString());
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WriteFields(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> fields)
    {
        var named = fields.Where(field => field.Key != "{OriginalFormat}").ToList();
        if (named.Count == 0)
            return;
        json.WriteStartObject("fields");
        foreach (var (name, value) in named)
        {
            json.WritePropertyName(name);
            switch (value)
            {
                case null: json.WriteNullValue(); break;
                case bool flag: json.WriteBooleanValue(flag); break;
                case int number: json.WriteNumberValue(number); break;
                case long number: json.WriteNumberValue(number); break;
                case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
                default: json.WriteStringValue(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)); break;
            }
        }
        json.WriteEndObject();
    }
}

/// <summary>Log lines for people: level, category, message, and the request's id within a request.</summary>
internal sealed class TextLines() : ConsoleFormatter(FormatName)
{
    /// <summary>Name of the format.</summary>
    public const string FormatName = "recs-text";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = new StringBuilder($"{LogLevels.Name(logEntry.LogLevel)}: {logEntry.Category}: {logEntry.Formatter(logEntry.State, null)}");
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } span)
            line.Append(" [request ").Append(span.TraceId.ToHexString()).Append(']');
        if (logEntry.Exception is { } error)
            line.Append(' ').Append(error);
        textWriter.WriteLine(line.Replace("\r", "").Replace("\n", " "));
    }
}

/// <summary>How lines name levels.</summary>
internal static class LogLevels
{
    /// <summary>A short word.</summary>
    public static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
