using Npgsql;
using Recs.Contracts;
using Recs.Contracts.Registry;
using Recs.Contracts.Snapshots;
using Recs.Contracts.Users;
using Recs.EventStore;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;
using Recs.EventStore.Schema;
using Recs.Testing;
using Recs.Training.Artifacts;
using Recs.Training.Exporting;
using Recs.Training.Fitting;
using Recs.Training.Registry;
using Recs.Training.Reproducing;
using Recs.Training.Snapshots;
using Recs.Training.Trainings;
using Recs.Training.Tuning;

namespace Recs.Training.Tests;

/// <summary>A fresh log on a real PostgreSQL, an artifact folder, and the use cases upon them.</summary>
internal sealed class TrainingDatabase : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly TemporaryFolder _folder = new();
    private readonly EventStoreOptions _options = new();

    private TrainingDatabase(TestDatabase database)
    {
        _database = database;
        Appender = new(Source, _options);
        Artifacts = new(_folder.Path);
    }

    public static readonly CodeRevision Code = new("abc123", false);

    public EventTypes Types { get; } = new EventTypes()
        .Map(EventAliases.MovieWatched, EventJson.Default.MovieWatched)
        .Map(EventAliases.MovieRated, EventJson.Default.MovieRated)
        .Map(EventAliases.MovieAdded, EventJson.Default.MovieAdded)
        .Map(EventAliases.MovieChanged, EventJson.Default.MovieChanged)
        .Map(EventAliases.UserRegistered, EventJson.Default.UserRegistered)
        .Map(EventAliases.UserChanged, EventJson.Default.UserChanged)
        .Map(EventAliases.UserErased, EventJson.Default.UserErased)
        .Map(EventAliases.MovieOpened, EventJson.Default.MovieOpened)
        .Map(EventAliases.SnapshotTaken, EventJson.Default.SnapshotTaken)
        .Map(EventAliases.TrainingRequested, EventJson.Default.TrainingRequested)
        .Map(EventAliases.ModelTrained, EventJson.Default.ModelTrained)
        .Map(EventAliases.TrainingFailed, EventJson.Default.TrainingFailed)
        .Map(EventAliases.TrainingCancelled, EventJson.Default.TrainingCancelled)
        .Map(EventAliases.ModelEvaluated, EventJson.Default.ModelEvaluated)
        .Map(EventAliases.ModelPromoted, EventJson.Default.ModelPromoted)
        .Map(EventAliases.ModelRolledBack, EventJson.Default.ModelRolledBack)
        .Map(EventAliases.TuningTrialEnded, EventJson.Default.TuningTrialEnded)
        .Map(EventAliases.OptionsTuned, EventJson.Default.OptionsTuned);

    public NpgsqlDataSource Source => _database.Source;
    public EventAppender Appender { get; }
    public ArtifactStore Artifacts { get; }
    public string ArtifactFolder => _folder.Path;
    public EventReader Reader => new(Source, _options, Types);
    public SnapshotReader Snapshots => new(Source, _options, Types);
    public FindSnapshot Find => new(Reader, Types);
    public LoadSnapshot Load => new(Snapshots, Find);
    public TakeSnapshot Take => new(Snapshots, Find, Appender, Types, TimeProvider.System);
    public ExportSnapshot Export => new(Source, _options, Types, Find, Code);
    public ListModels Models => new(Reader, Types);
    public TrainingOptions Options { get; init; } = new() { Lease = TimeSpan.FromSeconds(2), Beat = TimeSpan.FromMilliseconds(50), Poll = TimeSpan.FromMilliseconds(50) };
    public TrainingJobs Jobs => new(Source, _options, Options);
    public TrainingLeases Leases => new(Source, _options, Options);
    public RecordOutcome Outcomes => new(Jobs, Models, Reader, Appender, Types);
    public TunedOptions Tuned => new(Reader, Types);
    public TuningStream Tuning => new(Reader, Appender, Types);
    public FitCheckpoints Checkpoints => new(Path.Combine(_folder.Path, "checkpoints"), TimeProvider.System, Said.Enqueue) { Pause = CheckpointPause };
    public System.Collections.Concurrent.ConcurrentQueue<string> Said { get; } = new();
    public TimeSpan CheckpointPause { get; init; } = TimeSpan.FromSeconds(10);
    public RequestTraining Request => new(Find, Tuned, Jobs, Appender, Types, TimeProvider.System);
    public CancelTraining Cancel => new(Jobs, Outcomes, Checkpoints, TimeProvider.System);
    public CarryOutTraining CarryOut => new(Artifacts, Leases, new(Load, Take), Outcomes, Options, TimeProvider.System, Code, Checkpoints);
    public TrainModel Train => new(Request, CarryOut, Outcomes, Checkpoints, TimeProvider.System);
    public TrainSeveral TrainSeveral => new(Request, CarryOut, Leases, Options);
    public ResumeTraining Resume => new(Jobs, Leases, CarryOut, Outcomes, Reader, Types);
    public RollBackModel RollBack => new(Artifacts, Models, Appender, Types, TimeProvider.System);
    public PromoteModel Promote => new(Artifacts, Models, Appender, Types, TimeProvider.System);

    public static async Task<TrainingDatabase> CreateAsync(TimeSpan? checkpointPause = null)
    {
        var database = new TrainingDatabase(await TestDatabase.CreateAsync()) { CheckpointPause = checkpointPause ?? TimeSpan.FromSeconds(10) };
        await SchemaMigrations.ApplyAsync(database.Source, database._options, [typeof(EventStoreOptions).Assembly, typeof(TrainModel).Assembly]);
        return database;
    }

    public ReproduceModel Reproduce(string folder) => new(new ArtifactStore(folder), Models, Load, Find, TimeProvider.System);

    /// <summary>Appends the facts of generated people; returns the last position.</summary>
    public async Task<long> AppendGeneratedAsync(InteractionSet data, string? correlation = null)
    {
        var last = 0L;
        for (var i = 0; i < data.Count; i++)
        {
            var (user, movie, at) = (data.Users[data.User[i]], data.Movies[data.Movie[i]], DateTimeOffset.FromUnixTimeMilliseconds(data.At[i]));
            last = data.HalfStars[i] == 0
                ? await AppendAsync(user, new MovieWatched(user, movie, 1, at), correlation)
                : await AppendAsync(user, new MovieRated(user, movie, data.HalfStars[i] / 2.0, at), correlation);
        }

        return last;
    }

    /// <summary>Appends a fact about a movie to the movie's stream.</summary>
    public async Task<long> AppendMovieAsync<T>(string movie, T fact) where T : notnull
        => (await Appender.AppendAsync(AppendRequest.One(StreamIds.Movie(movie), Types.Encode(Guid.CreateVersion7(), fact)))).LastSequence;

    public async Task<long> AppendAsync<T>(string user, T fact, string? correlation = null) where T : notnull
        => (await Appender.AppendAsync(AppendRequest.One(StreamIds.User(user), Types.Encode(Guid.CreateVersion7(), fact, correlation)))).LastSequence;

    public async Task<LoadedSnapshot> SnapshotOfAsync(InteractionSet data)
        => await Take.RunAsync("s", await AppendGeneratedAsync(data), new SnapshotFilters());

    /// <summary>Asks for a training of the log through a position.</summary>
    public async Task<string> AskAsync(string model, long end = 1)
    {
        var id = Guid.CreateVersion7().ToString("N");
        await Request.RunAsync(new TrainRequest(id, model, new Dictionary<string, string>(), 1, "a test", "to see"), null, end);
        return id;
    }

    public async Task<TrainingRequested> RequestOfAsync(string id)
        => (TrainingRequested)Types.Decode((await Reader.FindEventAsync(TrainingEventIds.Request(id)))!);

    /// <summary>As if the holder of a job had died long ago.</summary>
    public Task SilenceAsync(string id) => ExecuteAsync($"update recs.recs_training_jobs set expires_at = clock_timestamp() - interval '1 minute' where training_id = '{id}'");

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Appender.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
    }
}
