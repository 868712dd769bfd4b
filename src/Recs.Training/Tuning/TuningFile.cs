using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Recs.Contracts.Registry;

namespace Recs.Training.Tuning;

/// <summary>A line of a <see cref="TuningFile"/>: one or the other.</summary>
/// <param name="Trial">A trial that ended.</param>
/// <param name="Tuned">A choice.</param>
internal sealed record TuningLine(TuningTrialEnded? Trial = null, OptionsTuned? Tuned = null);

/// <summary>How lines are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TuningLine))]
internal sealed partial class TuningJson : JsonSerializerContext;

/// <summary>Tunings in a file of JSON lines, for data without a database. A last line that a process died over is cut off before the next is written.</summary>
/// <param name="path">The file; made if it is not there.</param>
public sealed class TuningFile(string path) : ITuningLog
{
    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">A whole line is not one of a tuning.</exception>
    public async Task<IReadOnlyList<TuningTrialEnded>> TrialsAsync(string tuningId, CancellationToken cancel)
        => [.. (await LinesAsync(cancel)).Select(l => l.Trial).OfType<TuningTrialEnded>().Where(t => t.TuningId == tuningId)];

    /// <inheritdoc/>
    public async Task AddAsync(TuningTrialEnded trial, CancellationToken cancel)
    {
        if (!(await TrialsAsync(trial.TuningId, cancel)).Any(t => t.Trial == trial.Trial && t.Rung == trial.Rung))
            await WriteAsync(new(trial), cancel);
    }

    /// <inheritdoc/>
    public async Task AddAsync(OptionsTuned tuned, CancellationToken cancel)
    {
        if (!(await LinesAsync(cancel)).Any(l => l.Tuned?.TuningId == tuned.TuningId))
            await WriteAsync(new(Tuned: tuned), cancel);
    }

    private async Task<IReadOnlyList<TuningLine>> LinesAsync(CancellationToken cancel)
    {
        if (!File.Exists(path))
            return [];
        var text = await File.ReadAllTextAsync(path, cancel);
        var whole = text[..(text.LastIndexOf('\n') + 1)];
        return [.. whole.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line, i) => Read(line, i + 1))];
    }

    private TuningLine Read(string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize(line, TuningJson.Default.TuningLine) is { } read && (read.Trial is not null || read.Tuned is not null) ? read : throw new JsonException("Neither a trial nor a choice.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"Line {number} of '{path}' is not a line of a tuning: {e.Message} Take the line out, and its trial is judged again, or keep the trials in another file.", e);
        }
    }

    private async Task WriteAsync(TuningLine line, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        await using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        file.SetLength(EndOfWholeLines(file));
        file.Seek(0, SeekOrigin.End);
        await file.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(line, TuningJson.Default.TuningLine) + "\n"), cancel);
        file.Flush(flushToDisk: true);
    }

    private static long EndOfWholeLines(FileStream file)
    {
        for (var end = file.Length; end > 0; end--)
        {
            file.Seek(end - 1, SeekOrigin.Begin);
            if (file.ReadByte() == '\n')
                return end;
        }

        return 0;
    }
}
