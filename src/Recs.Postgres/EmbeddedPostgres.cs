using System.ComponentModel;
using Npgsql;

namespace Recs.Postgres;

/// <summary>
/// A private PostgreSQL under a folder: found, initialised, started, shared with other processes of the same product, recovered, stopped. It listens
/// on a Unix socket only. The last process that uses it stops it; after a <c>kill -9</c> of that process the next one finds it running and goes on.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    /// <summary>Names the socket file only; no port is opened.</summary>
    internal const int Port = 5432;

    private readonly ClusterOptions options;
    private readonly ClusterFolder folder;
    private readonly PostgresBinaries binaries;
    private FolderLock? use;

    private EmbeddedPostgres(ClusterOptions options, ClusterFolder folder, PostgresBinaries binaries)
        => (this.options, this.folder, this.binaries) = (options, folder, binaries);

    /// <summary>How to reach the database of the options.</summary>
    public string ConnectionString => Connection(options.Database);

    /// <summary>Folder of the server's data and log, which may be elsewhere than asked for (see <see cref="ClusterOptions.SystemFolder"/>).</summary>
    public string Folder => folder.Root;

    /// <summary>True if this call started the server, false if it was running.</summary>
    public bool StartedHere { get; private set; }

    /// <summary>Process id of the server, or null if it does not run.</summary>
    public int? ProcessId => Postmaster.Find(folder);

    /// <summary>Makes sure that the cluster runs, and holds it until disposed.</summary>
    /// <exception cref="PostgresUnavailableException">No server is installed, or it does not start.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(ClusterOptions options, CancellationToken cancel = default)
    {
        if (OperatingSystem.IsWindows())
            throw new PostgresUnavailableException("The embedded PostgreSQL runs on Linux and macOS. Name a running server with --db.");
        try
        {
            Directory.CreateDirectory(options.Folder);
            using var starting = await FolderLock.WaitExclusiveAsync(LockFile(options, "starting"), options.Patience, cancel);
            var folder = await ClusterFolder.PrepareAsync(options, cancel);
            var postgres = new EmbeddedPostgres(options, folder, PostgresBinaries.Find(options.Binaries, folder.Major));
            await postgres.RunAsync(cancel);
            postgres.use = FolderLock.TryShared(LockFile(options, "users"));
            return postgres;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PostgresUnavailableException($"The database folder '{Path.GetFullPath(options.Folder)}' cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Starts the server again whenever it is gone, until cancelled. For programs that run for long; one task per program is enough.</summary>
    public async Task GuardAsync(CancellationToken cancel)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        string? trouble = null;
        while (await tick.WaitForNextTickAsync(cancel))
        {
            try
            {
                if (ProcessId is not null)
                {
                    trouble = null;
                    continue;
                }
                if (trouble is null) options.Say("The database server is gone; starting it again.");
                using var starting = await FolderLock.WaitExclusiveAsync(LockFile(options, "starting"), options.Patience, cancel);
                await RunAsync(cancel);
            }
            catch (Exception e) when (e is PostgresUnavailableException or NpgsqlException or IOException or UnauthorizedAccessException or Win32Exception)
            {
                if (e.Message != trouble) options.Say(e.Message + "\nTrying again."); // what stands in its way, such as a full disk, may pass
                trouble = e.Message;
            }
        }
    }

    /// <summary>Lets go of the cluster; stops the server if no other process uses it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref use, null) is not { } held) return;
        using var starting = await FolderLock.WaitExclusiveAsync(LockFile(options, "starting"), options.Patience, CancellationToken.None);
        held.Dispose();
        using var alone = FolderLock.TryExclusive(LockFile(options, "users"));
        if (alone is not null) await StopAsync();
    }

    private static string LockFile(ClusterOptions options, string name) => Path.Combine(options.Folder, $"postgres.{name}.lock");

    private string Connection(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = folder.Socket,
        Port = Port,
        Username = options.User,
        Database = database,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    private async Task RunAsync(CancellationToken cancel)
    {
        if (!folder.IsInitialised) await InitialiseAsync(cancel);
        if (Postmaster.Find(folder) is not null)
        {
            if (await AnswersAsync(cancel)) return;
            options.Say("The database server is stopping or does not answer; starting it again.");
            await WaitUntilGoneAsync(cancel);
        }
        await StartServerAsync(cancel);
    }

    private async Task InitialiseAsync(CancellationToken cancel)
    {
        options.Say($"Making a PostgreSQL cluster in {folder.Root}.");
        // Made beside and then renamed, so that a kill half-way leaves nothing that looks like a cluster.
        var made = folder.Data + ".new";
        if (Directory.Exists(made)) Directory.Delete(made, recursive: true);
        string[] arguments = ["-D", made, "-U", options.User, "-E", "UTF8", "--locale=C", "--data-checksums", "--auth-local=peer", "--auth-host=reject"];
        var result = await folder.Account.RunAsync(binaries.InitDb, options.Durable ? arguments : [.. arguments, "--no-sync"], cancel);
        if (!result.Succeeded) throw new PostgresUnavailableException($"'{binaries.InitDb}' failed: {result.Output}");
        Directory.Move(made, folder.Data);
    }

    private async Task StartServerAsync(CancellationToken cancel)
    {
        StartedHere = true;
        var madeAnew = false;
        for (var deadline = Deadline.In(options.Patience); ;)
        {
            ServerSettings.Write(folder, options);
            Postmaster.ForgetStale(folder);
            await folder.Account.RunAsync("truncate", ["--no-create", "--size=0", folder.Log], cancel);
            string[] arguments = ["start", "-s", "-w", "-D", folder.Data, "-l", folder.Log, "-t", $"{options.Patience.TotalSeconds:0}"];
            var result = await folder.Account.RunAsync(binaries.Control, arguments, cancel);
            if (result.Succeeded && await AnswersAsync(cancel)) return;
            // The children of a server that was killed hold its shared memory for a moment longer.
            var lingering = LogTail().Contains("shared memory block", StringComparison.Ordinal);
            if (!options.Durable && !lingering && !madeAnew)
            {
                madeAnew = true;
                Directory.Delete(folder.Data, recursive: true);
                await InitialiseAsync(cancel);
                continue;
            }
            if (deadline.HasPassed || !lingering)
                throw new PostgresUnavailableException($"PostgreSQL did not start on {folder.Data}. {result.Output}\nIts log ends with:\n{LogTail()}");
            await Deadline.PauseAsync(cancel);
        }
    }

    /// <summary>Waits for a running server to take connections and makes the database; false if the server went away instead.</summary>
    private async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        for (var deadline = Deadline.In(options.Patience); ;)
        {
            try
            {
                await EnsureDatabaseAsync(cancel);
                return true;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.CannotConnectNow && !deadline.HasPassed)
            {
                await Deadline.PauseAsync(cancel); // starting up, recovering, or shutting down
            }
            catch (NpgsqlException e) when (e is not PostgresException)
            {
                if (Postmaster.Find(folder) is null || deadline.HasPassed) return false;
                await Deadline.PauseAsync(cancel); // its socket is not open yet, or not any more
            }
        }
    }

    private async Task EnsureDatabaseAsync(CancellationToken cancel)
    {
        await using var source = NpgsqlDataSource.Create(Connection("postgres") + ";Pooling=false;Timeout=5");
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection) { Parameters = { new() { Value = options.Database } } };
        if (await exists.ExecuteScalarAsync(cancel) is not null) return;
        await using var create = new NpgsqlCommand($"create database \"{options.Database}\"", connection);
        await create.ExecuteNonQueryAsync(cancel);
    }

    private async Task WaitUntilGoneAsync(CancellationToken cancel)
    {
        for (var deadline = Deadline.In(options.Patience); Postmaster.Find(folder) is { } pid;)
        {
            if (deadline.HasPassed) throw new PostgresUnavailableException($"The database server (process {pid}) neither answers nor ends. See {folder.Log}.");
            await Deadline.PauseAsync(cancel);
        }
    }

    private async Task StopAsync()
    {
        if (Postmaster.Find(folder) is null) return;
        NpgsqlConnection.ClearAllPools();
        var mode = options.Durable ? "fast" : "immediate";
        var result = await folder.Account.RunAsync(binaries.Control, ["stop", "-s", "-w", "-m", mode, "-D", folder.Data, "-t", $"{options.Patience.TotalSeconds:0}"], CancellationToken.None);
        if (!result.Succeeded && Postmaster.Find(folder) is { } pid)
            throw new PostgresUnavailableException($"The database server (process {pid}) did not stop: {result.Output}");
    }

    private string LogTail()
        => File.Exists(folder.Log) ? string.Join('\n', File.ReadLines(folder.Log).TakeLast(15)) : "(no log)";
}
