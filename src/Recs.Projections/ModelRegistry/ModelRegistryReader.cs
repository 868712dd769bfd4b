using System.Text.Json;
using Npgsql;

namespace Recs.Projections.ModelRegistry;

/// <summary>A model version as the registry holds it.</summary>
/// <param name="Version">Version name, such as <c>popularity-v0.1</c>.</param>
/// <param name="Model">Model name.</param>
/// <param name="N">Counts the model's trainings from 1; null for a name of another form.</param>
/// <param name="ContentHash">Address in the artifact store.</param>
/// <param name="SnapshotId">Snapshot that it was fitted on.</param>
/// <param name="SnapshotSha256">Digest of that snapshot.</param>
/// <param name="ThroughSequence">Log position of that snapshot.</param>
/// <param name="Options">Hyper-parameters.</param>
/// <param name="Seed">Seed of every draw.</param>
/// <param name="CodeRevision">Commit of the code that fitted.</param>
/// <param name="Dirty">The work tree had uncommitted changes.</param>
/// <param name="Seconds">Wall time of the fit.</param>
/// <param name="Bytes">Size of its files.</param>
/// <param name="TrainedAt">When the fit ended.</param>
/// <param name="Metrics">Figures by protocol, then by name.</param>
/// <param name="Sequence">Log position of <c>model_trained</c>.</param>
/// <param name="InProduction">Whether it is the champion.</param>
public sealed record ModelEntry(
    string Version, string Model, int? N, string ContentHash, string SnapshotId, string SnapshotSha256, long ThroughSequence,
    IReadOnlyDictionary<string, string> Options, ulong Seed, string CodeRevision, bool Dirty, double Seconds, long Bytes, DateTimeOffset TrainedAt,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Metrics, long Sequence, bool InProduction);

/// <summary>A change of what is in production.</summary>
/// <param name="Sequence">Log position.</param>
/// <param name="Kind">promoted or rolled_back.</param>
/// <param name="Model">Model name.</param>
/// <param name="Version">In production from here on.</param>
/// <param name="Previous">In production before.</param>
/// <param name="By">Who.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
public sealed record PromotionEntry(long Sequence, string Kind, string Model, string Version, string? Previous, string By, string Reason, DateTimeOffset At);

/// <summary>Reads the model registry's tables. They lag behind the log by the projection's lag; <c>minSequence</c> waits are the caller's.</summary>
public sealed class ModelRegistryReader(NpgsqlDataSource source)
{
    private const string Select =
        """
        select m.version, m.model, m.n, m.content_hash, m.snapshot_id, m.snapshot_sha256, m.through_sequence, m.options::text, m.seed::text, m.code_revision, m.dirty,
               m.seconds, m.bytes, m.trained_at, m.metrics::text, m.sequence, m.version is not distinct from (select version from read.champion)
        from read.models m
        """;

    /// <summary>All versions, newest first.</summary>
    public Task<IReadOnlyList<ModelEntry>> ListAsync(CancellationToken cancel = default) => ReadAsync("order by m.sequence desc", null, cancel);

    /// <summary>A version by its name; null if the registry does not hold it.</summary>
    public async Task<ModelEntry?> FindAsync(string version, CancellationToken cancel = default)
        => (await ReadAsync("where m.version = $1", version, cancel)).SingleOrDefault();

    /// <summary>The newest version of a model; null if it was never trained.</summary>
    public async Task<ModelEntry?> NewestAsync(string model, CancellationToken cancel = default)
        => (await ReadAsync("where m.model = $1 order by m.sequence desc limit 1", model, cancel)).SingleOrDefault();

    /// <summary>What is in production; null before the first promotion.</summary>
    public async Task<PromotionEntry?> ChampionAsync(CancellationToken cancel = default) => (await HistoryAsync(1, cancel)).SingleOrDefault();

    /// <summary>What was in production, newest first.</summary>
    public async Task<IReadOnlyList<PromotionEntry>> HistoryAsync(int limit = 1000, CancellationToken cancel = default)
    {
        await using var command = source.CreateCommand(
            "select sequence, kind, model, version, previous, by, reason, at from read.promotions order by sequence desc limit $1");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var row = await command.ExecuteReaderAsync(cancel);
        var entries = new List<PromotionEntry>();
        while (await row.ReadAsync(cancel))
        {
            entries.Add(new(
                row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4), row.GetString(5),
                row.GetString(6), row.GetFieldValue<DateTimeOffset>(7)));
        }
        return entries;
    }

    private async Task<IReadOnlyList<ModelEntry>> ReadAsync(string clause, string? value, CancellationToken cancel)
    {
        await using var command = source.CreateCommand($"{Select} {clause}");
        if (value is not null) command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
        await using var row = await command.ExecuteReaderAsync(cancel);
        var entries = new List<ModelEntry>();
        while (await row.ReadAsync(cancel)) entries.Add(Read(row));
        return entries;
    }

    private static ModelEntry Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetInt32(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetInt64(6),
        JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(7)) ?? [], ulong.Parse(row.GetString(8)), row.GetString(9), row.GetBoolean(10),
        row.GetDouble(11), row.GetInt64(12), row.GetFieldValue<DateTimeOffset>(13), MetricsOf(row.GetString(14)), row.GetInt64(15), row.GetBoolean(16));

    private static Dictionary<string, IReadOnlyDictionary<string, double>> MetricsOf(string json)
        => (JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, double>>>(json) ?? [])
            .ToDictionary(p => p.Key, p => (IReadOnlyDictionary<string, double>)p.Value, StringComparer.Ordinal);
}
