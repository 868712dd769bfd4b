using System.CommandLine;
using Recs.EventStore.Projecting;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Reporting;
using Recs.Projections;

namespace Recs.Host.Verbs;

/// <summary><c>recs projections</c>: the read models, how far they are, and making one anew.</summary>
internal static class ProjectionsVerb
{
    private const string Everything = "all";
    private static readonly Argument<string> Name = new("name") { Description = $"{string.Join(", ", RecsProjections.All.Select(p => p.Name))} or all." };

    public static Command Create(Terminal terminal) => new("projections", "The read models: how far each is, and making one anew from the log.")
    {
        new Verb("list", "List every projection with its position in the log.")
        {
            Examples = ["projections list"],
            Options = { Flags.Json(), Flags.Db() },
        }.Does(terminal, ListAsync),
        new Verb("rebuild", "Fold the log anew and replace a projection's tables in one transaction; a running service goes on from there.")
        {
            Examples = [$"projections rebuild {RecsProjections.All[0].Name}", "projections rebuild all"],
            Arguments = { Name },
            Options = { Flags.Json(), Flags.Db() },
        }.Does(terminal, RebuildAsync),
    };

    private static async Task<int> ListAsync(Run run, CancellationToken cancel)
    {
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var mark = (await store.MarkAsync(cancel)).Current;
        var positions = await PositionsAsync(store, cancel);
        var rows = RecsProjections.All.Select(p => new { p.Name, Sequence = positions.GetValueOrDefault(p.Name), HighWaterMark = mark, LagEvents = mark - positions.GetValueOrDefault(p.Name), p.Tables }).ToList();
        run.Terminal.Table([
            ["projection", "through", "behind", "tables"],
            .. rows.Select(r => new[] { r.Name, $"{r.Sequence:N0}", $"{r.LagEvents:N0}", string.Join(", ", r.Tables) })], 1, 2);
        run.Terminal.Report(run.JsonTarget, new { projections = rows });
        return ExitCode.Done;
    }

    private static async Task<int> RebuildAsync(Run run, CancellationToken cancel)
    {
        var name = run.Get(Name);
        IReadOnlyList<IProjection> wanted = name == Everything
            ? RecsProjections.All
            : [RecsProjections.Find(name) ?? throw new UsageException($"there is no projection '{name}'. Projections: {string.Join(", ", RecsProjections.All.Select(p => p.Name))}.")];
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var rebuilt = new List<Rebuilt>();
        foreach (var projection in wanted) rebuilt.Add(await RebuildAsync(run.Terminal, store, projection, cancel));
        run.Terminal.Report(run.JsonTarget, new { rebuilt });
        return ExitCode.Done;
    }

    /// <summary>Rebuilds one projection and says what came of it.</summary>
    internal static async Task<Rebuilt> RebuildAsync(Terminal terminal, RecsStore store, IProjection projection, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        var (events, through) = await terminal.WithProgressAsync($"rebuilding {projection.Name}", "positions", progress
            => new ProjectionRebuild(store.Source, store.Options, store.Types).RebuildAsync(projection, progress, cancel));
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        terminal.Say($"{projection.Name}: {events:N0} events through {through:N0} in {seconds:0.0} s");
        return new(projection.Name, events, through, seconds);
    }

    private static async Task<Dictionary<string, long>> PositionsAsync(RecsStore store, CancellationToken cancel)
    {
        await using var command = store.Source.CreateCommand($"select split_part(name, ':', 1), last_seq_id from {store.Options.Schema}.mt_event_progression");
        await using var row = await command.ExecuteReaderAsync(cancel);
        var positions = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancel)) positions[row.GetString(0)] = row.GetInt64(1);
        return positions;
    }
}

/// <summary>A projection that was made anew.</summary>
internal sealed record Rebuilt(string Name, long Events, long Through, double Seconds);
