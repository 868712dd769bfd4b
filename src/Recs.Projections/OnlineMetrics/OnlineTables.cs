using Npgsql;
using NpgsqlTypes;

namespace Recs.Projections.OnlineMetrics;

/// <summary>The tables of db/0107-online-metrics.sql, and how rows of facts get into them by binary COPY.</summary>
internal static class OnlineTables
{
    public const string Slates = "read.online_slates";
    public const string Outcomes = "read.online_outcomes";
    public const string Sessions = "read.online_sessions";
    public const string Erased = "read.online_erased";
    public const string Definitions = "read.online_definitions";
    public const string Shares = "read.online_shares";
    public const string Measures = "read.online_measures";
    public const string ErrorBatches = "read.online_error_batches";

    /// <summary>Columns of <see cref="Slates"/> after the user.</summary>
    public const string SlateColumns = "at, sequence, request, channel, model, model_version, variant, items, predicted";

    public static IReadOnlyList<string> All { get; } = [Slates, Outcomes, Sessions, Erased, Definitions, Shares, Measures, ErrorBatches];

    /// <summary>Writes slates; rows must be new.</summary>
    public static async Task CopySlatesAsync(NpgsqlConnection connection, string table, IEnumerable<(string User, SlateFact Slate)> slates, CancellationToken cancel)
    {
        await using var import = await connection.BeginBinaryImportAsync($"copy {table} (user_id, {SlateColumns}) from stdin (format binary)", cancel);
        foreach (var (user, slate) in slates)
        {
            import.StartRow();
            import.Write(user, NpgsqlDbType.Text);
            import.Write(slate.At, NpgsqlDbType.Bigint);
            import.Write(slate.Sequence, NpgsqlDbType.Bigint);
            import.Write(unchecked((long)slate.Request), NpgsqlDbType.Bigint);
            import.Write(slate.Series.Channel, NpgsqlDbType.Text);
            import.Write(slate.Series.Model, NpgsqlDbType.Text);
            import.Write(slate.Series.ModelVersion, NpgsqlDbType.Text);
            import.Write(slate.Series.Variant, NpgsqlDbType.Text);
            import.Write(slate.Items, NpgsqlDbType.Text);
            if (slate.Predicted is { } predicted) import.Write(predicted, NpgsqlDbType.Array | NpgsqlDbType.Real);
            else import.WriteNull();
        }
        await import.CompleteAsync(cancel);
    }

    /// <summary>Writes packed hours into an empty table.</summary>
    public static async Task CopyHoursAsync(NpgsqlConnection connection, string table, IEnumerable<(string User, OutcomeHour Hour)> hours, CancellationToken cancel)
    {
        await using var import = await connection.BeginBinaryImportAsync($"copy {table} (user_id, hour, items) from stdin (format binary)", cancel);
        foreach (var (user, hour) in hours)
        {
            import.StartRow();
            import.Write(user, NpgsqlDbType.Text);
            import.Write(hour.Hour, NpgsqlDbType.Bigint);
            import.Write(hour.Packed, NpgsqlDbType.Bytea);
        }
        await import.CompleteAsync(cancel);
    }

    /// <summary>Writes packed sessions into an empty table.</summary>
    public static async Task CopySessionsAsync(NpgsqlConnection connection, string table, IEnumerable<(string User, UserSessions Sessions)> sessions, CancellationToken cancel)
    {
        var packed = new byte[1024];
        await using var import = await connection.BeginBinaryImportAsync($"copy {table} (user_id, items) from stdin (format binary)", cancel);
        foreach (var (user, those) in sessions)
        {
            import.StartRow();
            import.Write(user, NpgsqlDbType.Text);
            var length = those.Pack(ref packed);
            import.Write(new ReadOnlyMemory<byte>(packed, 0, length), NpgsqlDbType.Bytea);
        }
        await import.CompleteAsync(cancel);
    }

    /// <summary>Reads a slate from the columns <see cref="SlateColumns"/>, from a place on.</summary>
    public static SlateFact ReadSlate(NpgsqlDataReader row, int at, SeriesPool pool) => new(
        row.GetInt64(at), row.GetInt64(at + 1), unchecked((ulong)row.GetInt64(at + 2)),
        pool[row.GetString(at + 3), row.GetString(at + 4), row.GetString(at + 5), row.GetString(at + 6)],
        row.GetFieldValue<byte[]>(at + 7), row.IsDBNull(at + 8) ? null : row.GetFieldValue<float[]>(at + 8));

    /// <summary>A parameter of an array.</summary>
    public static NpgsqlParameter<T[]> Array<T>(IEnumerable<T> values) => new() { TypedValue = [.. values] };

    /// <summary>Adds a statement to a batch.</summary>
    public static void Add(this NpgsqlBatch batch, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
    }
}
