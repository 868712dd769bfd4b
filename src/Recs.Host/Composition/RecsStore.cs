using Npgsql;
using Recs.Commands;
using Recs.EventStore;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;
using Recs.EventStore.Following;
using Recs.EventStore.Reading;
using Recs.EventStore.Schema;
using Recs.Host.CommandLine;
using Recs.Host.Composition.Clocks;
using Recs.Host.Configuring;
using Recs.Postgres;
using Recs.Projections;
using Recs.Training.Artifacts;
using Recs.Training.Trainings;

namespace Recs.Host.Composition;

/// <summary>The opened database: the embedded one or that of <c>--db</c>, its schema up to date, and the parts of the event store upon it.</summary>
internal sealed class RecsStore : IAsyncDisposable
{
    private readonly EmbeddedPostgres? embedded;
    private EventAppender? appender;
    private HighWaterMark? mark;
    private readonly CancellationTokenSource stop = new();
    private Task? guarding;

    private RecsStore(EmbeddedPostgres? embedded, NpgsqlDataSource source, EventStoreOptions options, LogClock clock, string home, Action<string> say)
    {
        this.embedded = embedded;
        Options = options;
        Clock = clock;
        Artifacts = new(Path.Combine(home, "models"));
        Checkpoints = new(Path.Combine(home, "checkpoints"), TimeProvider.System, say);
        Source = source;
        Reader = new(Source, Options, Types);
    }

    /// <summary>Which database it is, without its password.</summary>
    public string Description => embedded is not null ? $"embedded, in {embedded.Folder}" : DatabaseUrl.Describe(Source.ConnectionString);

    /// <summary>Connections.</summary>
    public NpgsqlDataSource Source { get; }
    /// <summary>Schema and clock.</summary>
    public EventStoreOptions Options { get; }
    /// <summary>The time in which the log and all who use it live.</summary>
    public LogClock Clock { get; }
    /// <summary>The alias registry.</summary>
    public EventTypes Types { get; } = RecsEventTypes.Create();
    /// <summary>Reads streams and the log.</summary>
    public EventReader Reader { get; }

    /// <summary>Model files, by content.</summary>
    public ArtifactStore Artifacts { get; }

    /// <summary>Checkpoints of fits that are under way.</summary>
    public FitCheckpoints Checkpoints { get; }

    /// <summary>Appends with group commit; its writers start with the first use.</summary>
    public EventAppender Appender => appender ??= new(Source, Options);

    /// <summary>Opens the database that the settings name.</summary>
    /// <exception cref="PostgresUnavailableException">The embedded server does not run.</exception>
    /// <exception cref="NpgsqlException">The given server cannot be reached.</exception>
    /// <exception cref="UnavailableException">The schema was made by other migrations than these.</exception>
    /// <exception cref="UsageException"><c>--clock</c> asks for a time in which this log cannot live.</exception>
    public static async Task<RecsStore> OpenAsync(Run run, CancellationToken cancel)
    {
        var (given, asked) = (run.Settings[Setting.Db], AskedClock.Of(run.Settings));
        var embedded = given.Length > 0 ? null : await EmbeddedPostgres.StartAsync(Cluster(run), cancel);
        var source = NpgsqlDataSource.Create(embedded?.ConnectionString ?? DeadPeers.Noticed(DatabaseUrl.ToConnectionString(given)));
        try
        {
            var options = new EventStoreOptions();
            await MigrateAsync(source, options, cancel);
            var clock = await LogClock.TakeAsync(source, options.Schema, asked, cancel);
            if (clock.Note is { } note)
                run.Terminal.Say("clock: " + note);
            return new(embedded, source, options with { Clock = clock.Provider }, clock, run.Settings[Setting.Home], run.Terminal.Say);
        }
        catch
        {
            await Closing.AllAsync(source.DisposeAsync, () => embedded?.DisposeAsync() ?? default);
            throw;
        }
    }

    private static async Task MigrateAsync(NpgsqlDataSource source, EventStoreOptions options, CancellationToken cancel)
    {
        try
        {
            await SchemaMigrations.ApplyAsync(source, options, [typeof(EventStoreOptions).Assembly, typeof(RecsProjections).Assembly, typeof(CommandSide).Assembly, typeof(ArtifactStore).Assembly], cancel);
        }
        catch (InvalidOperationException e) when (e is not ObjectDisposedException)
        {
            throw new UnavailableException(e.Message, e); // a migration is not what it was when it was applied
        }
    }

    /// <summary>The log's safe ceiling, followed from the first call on.</summary>
    /// <exception cref="UnavailableException">The database was set back.</exception>
    public async Task<HighWaterMark> MarkAsync(CancellationToken cancel)
    {
        if (mark is not null) return mark;
        mark = new(Source, Options);
        try
        {
            await mark.StartAsync(cancel);
        }
        catch (InvalidOperationException e) when (e is not ObjectDisposedException)
        {
            throw new UnavailableException(e.Message, e); // the database was set back
        }
        Appender.Appended += mark.Nudge;
        return mark;
    }

    /// <summary>Keeps the embedded server running from now on: it is started again whenever it is gone.</summary>
    public void Guard() => guarding ??= embedded?.GuardAsync(stop.Token);

    /// <summary>Finishes what was accepted, closes the connections, and stops the embedded server if nobody else uses it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Closing.AllAsync(
            () => appender?.DisposeAsync() ?? default,
            () => mark?.DisposeAsync() ?? default,
            Clock.DisposeAsync,
            Source.DisposeAsync,
            StopGuardingAsync,
            () => embedded?.DisposeAsync() ?? default);
    }

    private async ValueTask StopGuardingAsync()
    {
        await stop.CancelAsync();
        if (guarding is not null) await guarding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // it said what it could not do
        stop.Dispose();
    }

    private static ClusterOptions Cluster(Run run) => new()
    {
        Folder = Path.GetFullPath(run.Settings[Setting.Home]),
        User = "recs",
        Database = "recs",
        Binaries = run.Settings[Setting.PostgresBin] is { Length: > 0 } folder ? folder : null,
        Say = run.Terminal.Say,
    };
}
