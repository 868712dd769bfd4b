using System.CommandLine;
using System.Globalization;
using Recs.Commands.DefiningMetrics;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Reporting;
using Recs.Projections.OnlineMetrics;

namespace Recs.Host.Verbs;

/// <summary><c>recs metrics</c>: what counts as success, and how the models do by it.</summary>
internal static class MetricsVerb
{
    private static readonly Argument<string> Name = new("name") { Description = "Lower-case letters, digits and hyphens. A name that exists is defined anew." };
    private static readonly Option<string> Outcomes = new("--outcomes") { HelpName = "LIST", DefaultValueFactory = _ => "watched", Description = "What counts: watched, rated, opened, joined by commas." };
    private static readonly Option<string> Window = new("--window") { HelpName = "TIME", DefaultValueFactory = _ => "30m", Description = "How long after the slate it counts, such as 90s, 30m, 24h or 7d." };
    private static readonly Option<string> Unit = new("--unit") { HelpName = "UNIT", DefaultValueFactory = _ => "slate", Description = "Share of what: slate or item; or rating: the error of predicted ratings." };
    private static readonly Option<double?> MinimalRating = new("--minimal-rating") { HelpName = "STARS", Description = "A rating counts from this many stars on." };
    private static readonly Option<int?> MinimalMinutes = new("--minimal-minutes") { HelpName = "N", Description = "A movie counts as watched from this many different minutes on." };
    private static readonly Option<string> Reason = new("--reason") { HelpName = "TEXT", DefaultValueFactory = _ => "asked for on the command line", Description = "Why; the log keeps it." };
    private static readonly Option<string> Channel = new("--channel") { HelpName = "NAME", DefaultValueFactory = _ => "live", Description = "Channel of the slates; channels are never mixed." };
    private static readonly Option<string> Metric = new("--metric") { HelpName = "NAME", Description = "One metric; all without it." };
    private static readonly Option<string> Model = new("--model") { HelpName = "NAME", Description = "One model or version; all without it." };
    private static readonly Option<string> Bucket = new("--bucket") { HelpName = "all|day|hour", DefaultValueFactory = _ => "all", Description = "How figures are cut in time." };

    public static Command Create(Terminal terminal) => new("metrics", "What counts as success, and how the models do by it.")
    {
        new Verb("define", "Define a metric, or define it anew: it is counted over the whole past.")
        {
            Examples = ["metrics define liked --outcomes rated --minimal-rating 4 --window 24h", "metrics define success --outcomes watched --minimal-minutes 10 --window 2h --reason \"ten minutes are no accident\""],
            Arguments = { Name },
            Options = { Outcomes, Window, Unit, MinimalRating, MinimalMinutes, Reason, Flags.Json(), Flags.Db() },
        }.Does(terminal, DefineAsync),
        new Verb("list", "List every metric with its definition.") { Examples = ["metrics list"], Options = { Flags.Json(), Flags.Db() } }.Does(terminal, ListAsync),
        new Verb("online", "Show what became of the slates, per metric, model version and variant, with 95 % intervals.")
        {
            Examples = ["metrics online", "metrics online --metric success --bucket day --json -"],
            Options = { Channel, Metric, Model, Bucket, Flags.Json(), Flags.Db() },
        }.Does(terminal, ShowAsync),
    };

    private static async Task<int> DefineAsync(Run run, CancellationToken cancel)
    {
        var request = new MetricRequest(
            run.Get(Name), run.Get(Outcomes)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), WindowOf(run.Get(Window)!), run.Get(Unit)!,
            run.Get(MinimalRating), run.Get(MinimalMinutes), run.Get(Reason)!);
        Asked.For(() => DefineMetric.Decide(request, Environment.UserName, DateTimeOffset.UnixEpoch)); // before a database is opened for it
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var (defined, sequence) = await Asked.ForAsync(new DefineMetric(store.Appender, store.Types, store.Options.Clock).RunAsync(request, Environment.UserName, cancel));
        run.Terminal.Say($"{defined.Name} is defined, at log position {sequence:N0}. It is counted over the whole past once the projections have read that far.");
        run.Terminal.Report(run.JsonTarget, new { sequence, definition = MetricDefinition.Of(defined) });
        return ExitCode.Done;
    }

    private static async Task<int> ListAsync(Run run, CancellationToken cancel)
    {
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var definitions = await new OnlineMetricsReader(store.Source, store.Options).DefinitionsAsync(cancel);
        run.Terminal.Table([
            ["metric", "counts", "within", "unit", "defined"],
            .. definitions.Select(d => new[] { d.Name, What(d), $"{d.Window:c}", $"{d.Unit}".ToLowerInvariant(), d.At is { } at ? $"{at:u} by {d.By}: {d.Reason}" : "built in" }),
        ]);
        run.Terminal.Report(run.JsonTarget, new { definitions });
        return ExitCode.Done;
    }

    private static async Task<int> ShowAsync(Run run, CancellationToken cancel)
    {
        if (!Enum.TryParse<TimeBucket>(run.Get(Bucket), ignoreCase: true, out var bucket) || !Enum.IsDefined(bucket)) throw new UsageException($"--bucket is all, day or hour, not '{run.Get(Bucket)}'.");
        if (!OnlineQuery.Channels.Contains(run.Get(Channel)!, StringComparer.Ordinal)) throw new UsageException($"--channel is one of {string.Join(", ", OnlineQuery.Channels)}, not '{run.Get(Channel)}'.");
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var reader = new OnlineMetricsReader(store.Source, store.Options);
        if (run.Get(Metric) is { } metric && metric != MetricDefinition.SessionLength && await reader.DefinitionsAsync(cancel) is var known && known.All(d => d.Name != metric))
            throw new UsageException($"there is no metric '{metric}'. Metrics: {string.Join(", ", known.Select(d => d.Name).Append(MetricDefinition.SessionLength))}.");
        var report = await ReadAsync(reader, new(run.Get(Channel)!, run.Get(Metric), run.Get(Model), Bucket: bucket), cancel);
        run.Terminal.Table([
            ["metric", "model version", "variant", "from", "value", "95 % interval", "of"],
            .. report.Figures.Select(f => new[]
            {
                f.Metric, f.ModelVersion, f.Variant, f.Start is { } start ? $"{start:u}" : "-", Text(f, f.Value), f.Low is { } low ? $"{Text(f, Math.Max(0, low))} to {Text(f, f.High!.Value)}" : "-", $"{f.Denominator:N0}",
            })], 4, 6);
        run.Terminal.Say($"Channel {report.Channel}, counted through log position {report.ThroughSequence:N0}.");
        run.Terminal.Report(run.JsonTarget, report);
        return ExitCode.Done;
    }

    /// <summary>A share or an error; seconds where it is a length.</summary>
    private static string Text(OnlineFigure figure, double value) => figure.Metric == MetricDefinition.SessionLength ? $"{value:0.0} s" : $"{value:0.0000}";

    private static async Task<OnlineReport> ReadAsync(OnlineMetricsReader reader, OnlineQuery query, CancellationToken cancel)
    {
        try
        {
            return await reader.ReportAsync(query, cancel);
        }
        catch (TooManyFiguresException e)
        {
            throw new UsageException(e.Message, e);
        }
    }

    private static string What(MetricDefinition d) => string.Join(" or ", d.Outcomes.Select(o => o switch
    {
        "rated" when d.MinimalRating is { } stars => $"rated {stars} or more",
        "watched" when d.MinimalMinutes > 1 => $"watched {d.MinimalMinutes} minutes",
        _ => o,
    }));

    /// <summary>A whole number and s, m, h or d.</summary>
    private static TimeSpan WindowOf(string text)
    {
        var seconds = text.Length < 2 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 0 };
        return seconds > 0 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= 604_800
            ? TimeSpan.FromSeconds((long)count * seconds)
            : throw new UsageException($"--window '{text}' is no time such as 90s, 30m, 24h or 7d.");
    }
}
