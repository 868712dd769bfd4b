using System.Text.Encodings.Web;
using System.Text.Json;
using Recs.Host.CommandLine;

namespace Recs.Host.Verbs;

/// <summary>The file that <c>rejects list --out</c> writes and <c>rejects retry --in</c> reads: a JSON object a line, of which <c>id</c> and <c>raw</c> count.</summary>
internal static class CorrectedLines
{
    /// <summary>Raw lines stay readable: a person is to correct them.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private sealed record Corrected(long Id, string? Raw);

    /// <summary>Reads a file.</summary>
    /// <returns>By id the line.</returns>
    /// <exception cref="UsageException">The file is not there, or a line of it cannot be read.</exception>
    public static async Task<IReadOnlyDictionary<long, string>> ReadAsync(string file, CancellationToken cancel)
    {
        if (!File.Exists(file)) throw new UsageException($"there is no file '{file}'. 'recs rejects list --out FILE' writes one.");
        var corrected = new Dictionary<long, string>();
        var number = 0;
        await foreach (var line in File.ReadLinesAsync(file, cancel))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            var (id, raw) = Read(file, number, line);
            if (!corrected.TryAdd(id, raw)) throw new UsageException($"{file}, line {number}: id {id} stands on an earlier line too.");
        }
        return corrected;
    }

    private static (long Id, string Raw) Read(string file, int number, string line)
    {
        try
        {
            if (JsonSerializer.Deserialize<Corrected>(line, Json) is not { Id: > 0, Raw: { } raw } read)
                throw new UsageException($"{file}, line {number}: expected an object with the id and the raw line.");
            if (string.IsNullOrWhiteSpace(raw) || raw.Contains('\n') || raw.Contains('\r') || raw.Contains('\0'))
                throw new UsageException($"{file}, line {number}: raw must be one line that is not empty.");
            return (read.Id, raw);
        }
        catch (JsonException e)
        {
            throw new UsageException($"{file}, line {number}: is not JSON: expected an object with the id and the raw line.", e);
        }
    }
}
