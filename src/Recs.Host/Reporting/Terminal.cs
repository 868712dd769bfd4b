using System.Text.Json;
using Recs.Host.Observing;
using Recs.Training.Fitting;
using Spectre.Console;

namespace Recs.Host.Reporting;

/// <summary>Where a verb speaks: lines for people, one report for scripts, progress.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error, bool interactive)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private bool outputIsJson, linesAreJson;

    /// <summary>Standard output.</summary>
    public TextWriter Output => output;
    /// <summary>Standard error.</summary>
    public TextWriter Error => error;
    /// <summary>True if a person watches, so that a bar may move.</summary>
    public bool Interactive => interactive;

    /// <summary>Characters that a line should not pass: what the window has, but at least 80; 120 in a pipe.</summary>
    public int Width => interactive ? Math.Max(80, Console.WindowWidth) : 120;

    /// <summary>The process's own streams.</summary>
    public static Terminal OfProcess() => new(Console.Out, Console.Error, !Console.IsOutputRedirected && !Console.IsErrorRedirected);

    /// <summary>Lines for people go to standard error while standard output carries JSON.</summary>
    public void ReserveOutputForJson(bool reserved) => outputIsJson = reserved;

    /// <summary>Lines are written as log lines in JSON, for programs that read all that a service says.</summary>
    public void SayInJson(bool json) => linesAreJson = json;

    /// <summary>A line for people.</summary>
    public void Say(string line = "") => (outputIsJson ? error : output).WriteLine(Line(line));

    private string Line(string line)
        => linesAreJson ? JsonLines.Line(TimeProvider.System.GetUtcNow(), LogLevel.Information, "recs", line.Trim(), [], null) : line;

    /// <summary>The one line that says what went wrong.</summary>
    /// <returns><paramref name="exitCode"/>.</returns>
    public int Fail(string line, int exitCode)
    {
        error.WriteLine("recs: " + line);
        return exitCode;
    }

    /// <summary>Writes a report where <c>--json</c> says; nowhere for null.</summary>
    public void Report<T>(string? target, T report)
    {
        if (target is null) return;
        var text = JsonSerializer.Serialize(report, Json);
        if (target == "-") output.WriteLine(text);
        else File.WriteAllText(target, text + "\n");
    }

    /// <summary>Rows in columns, the first row being the head; columns named in <paramref name="right"/> (from 0) are set flush right.</summary>
    public void Table(IReadOnlyList<string[]> rows, params int[] right)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            Say(string.Join("  ", row.Select((cell, column) => right.Contains(column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());
    }

    /// <summary>Runs work that tells how far it is: a bar with rate and time left for a person, plain lines now and then in a pipe.</summary>
    /// <param name="what">What is done.</param>
    /// <param name="unit">What is counted.</param>
    /// <param name="work">Does it.</param>
    /// <param name="timeLeft">Tells the time left where the rate so far does not; null for that.</param>
    public async Task<T> WithProgressAsync<T>(string what, string unit, Func<IProgress<(long Done, long Total)>, Task<T>> work, Func<TimeSpan>? timeLeft = null)
    {
        if (!interactive || outputIsJson) return await work(new PlainProgress(what, unit, Say, TimeProvider.System, timeLeft));
        return await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RateColumn(unit), timeLeft is null ? new RemainingTimeColumn() : new TimeLeftColumn(timeLeft))
            .StartAsync(context => work(new BarProgress(context.AddTask(Markup.Escape(what)))));
    }

    /// <summary>Runs several fits at once: a bar for each that runs, or plain lines in a pipe.</summary>
    /// <param name="work">Does it; asks for the progress of each fit, by what is done, when it begins.</param>
    public async Task<T> WithSeveralFitsAsync<T>(Func<Func<string, IProgress<FitProgress>>, Task<T>> work)
    {
        if (!interactive || outputIsJson) return await work(what => new PlainFitProgress(what, Say, TimeProvider.System));
        var bars = new FitBars();
        return await AnsiConsole.Progress().Columns(bars.Columns).StartAsync(context => work(what => bars.Add(context, what)));
    }

    /// <summary>Runs a fit: a bar with phases and time left for a person, plain lines now and then in a pipe.</summary>
    /// <param name="what">What is fitted.</param>
    /// <param name="work">Does it.</param>
    /// <param name="budget">Time after which nothing new begins; null if there is none.</param>
    public async Task<T> WithFitProgressAsync<T>(string what, Func<IProgress<FitProgress>?, Task<T>> work, TimeSpan? budget = null)
    {
        if (!interactive || outputIsJson) return await work(new PlainFitProgress(what, Say, TimeProvider.System, budget));
        var bars = new FitBars(budget);
        return await AnsiConsole.Progress().Columns(bars.Columns).StartAsync(context => work(bars.Add(context, what)));
    }
}
