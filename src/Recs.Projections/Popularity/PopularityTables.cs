using Npgsql;
using NpgsqlTypes;

namespace Recs.Projections.Popularity;

/// <summary>How counts get into the tables: added to what is there, or written to empty ones.</summary>
internal static class PopularityTables
{
    private const string Movies = "read.movie_popularity";
    private const string Clock = "read.popularity_clock";
    private const string Hourly = "read.movie_popularity_hourly";
    private const string Daily = "read.movie_popularity_daily";
    private const string Activity = "read.activity_daily";
    private const string Sums = "events, ratings, rating_thousandths, minutes, opens";

    public static IReadOnlyList<string> All { get; } = [Movies, Clock, Hourly, Daily, Activity];

    /// <summary>Adds the counts of a batch and drops what the clock has left behind.</summary>
    public static async Task MergeAsync(PopularityCounts counts, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        if (counts.Clock is not { } clock) return;
        var (hours, days) = (HoursOf(counts).ToList(), DaysOf(counts).ToList());
        await using var batch = new NpgsqlBatch(connection, transaction);
        Add(batch, $"insert into {Clock} as t (at) values ($1) on conflict (only_row) do update set at = greatest(t.at, excluded.at)", Value(clock));
        Add(batch, Upsert(Movies, "movie_id"), [Array(counts.Movies.Keys), .. SumsOf(counts.Movies.Values.Select(m => m.AllTime))]);
        Add(batch, Upsert(Activity, "day"), [Array(counts.Activity.Keys.Select(Day)), .. SumsOf(counts.Activity.Values)]);
        Add(batch, Upsert(Hourly, "hour, movie_id"), [Array(hours.Select(h => Hour(h.Hour))), Array(hours.Select(h => h.Movie)), .. SumsOf(hours.Select(h => h.Counts))]);
        Add(batch,
            $"insert into {Daily} as t (day, movie_id, events) select * from unnest($1, $2, $3) on conflict (day, movie_id) do update set events = t.events + excluded.events",
            Array(days.Select(d => Day(d.Day))), Array(days.Select(d => d.Movie)), Array(days.Select(d => d.Events)));
        Add(batch, $"delete from {Hourly} where hour <= (select date_trunc('hour', at, 'UTC') - interval '{PopularityCounts.Hours} hours' from {Clock})");
        Add(batch, $"delete from {Daily} where day <= (select (at at time zone 'UTC')::date - {PopularityCounts.Days} from {Clock})");
        await batch.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Writes the counts of the whole log into empty tables.</summary>
    public static async Task WriteAsync(PopularityCounts counts, NpgsqlConnection connection, Func<string, string> table, CancellationToken cancel)
    {
        if (counts.Clock is not { } clock) return;
        await using (var command = new NpgsqlCommand($"insert into {table(Clock)} (at) values ($1)", connection))
        {
            command.Parameters.Add(Value(clock));
            await command.ExecuteNonQueryAsync(cancel);
        }
        await CopyAsync(connection, $"{table(Movies)} (movie_id, {Sums})", counts.Movies, (import, row) =>
        {
            import.Write(row.Key, NpgsqlDbType.Text);
            Write(import, row.Value.AllTime);
        }, cancel);
        await CopyAsync(connection, $"{table(Activity)} (day, {Sums})", counts.Activity, (import, row) =>
        {
            import.Write(Day(row.Key), NpgsqlDbType.Date);
            Write(import, row.Value);
        }, cancel);
        await CopyAsync(connection, $"{table(Hourly)} (hour, movie_id, {Sums})", HoursOf(counts), (import, row) =>
        {
            import.Write(Hour(row.Hour), NpgsqlDbType.TimestampTz);
            import.Write(row.Movie, NpgsqlDbType.Text);
            Write(import, row.Counts);
        }, cancel);
        await CopyAsync(connection, $"{table(Daily)} (day, movie_id, events)", DaysOf(counts), (import, row) =>
        {
            import.Write(Day(row.Day), NpgsqlDbType.Date);
            import.Write(row.Movie, NpgsqlDbType.Text);
            import.Write(row.Events, NpgsqlDbType.Bigint);
        }, cancel);
    }

    private static IEnumerable<(long Hour, string Movie, Counts Counts)> HoursOf(PopularityCounts counts)
        => counts.Movies.SelectMany(m => m.Value.Hours.Select(h => (h.Key, m.Key, h.Value)));

    private static IEnumerable<(int Day, string Movie, long Events)> DaysOf(PopularityCounts counts)
        => counts.Movies.SelectMany(m => m.Value.Days.Select(d => (d.Key, m.Key, d.Value)));

    private static async Task CopyAsync<T>(
        NpgsqlConnection connection, string target, IEnumerable<T> rows, Action<NpgsqlBinaryImporter, T> write, CancellationToken cancel)
    {
        await using var import = await connection.BeginBinaryImportAsync($"copy {target} from stdin (format binary)", cancel);
        foreach (var row in rows)
        {
            import.StartRow();
            write(import, row);
        }
        await import.CompleteAsync(cancel);
    }

    private static void Write(NpgsqlBinaryImporter import, in Counts counts)
    {
        import.Write(counts.Events, NpgsqlDbType.Bigint);
        import.Write(counts.Ratings, NpgsqlDbType.Bigint);
        import.Write(counts.RatingThousandths, NpgsqlDbType.Bigint);
        import.Write(counts.Minutes, NpgsqlDbType.Bigint);
        import.Write(counts.Opens, NpgsqlDbType.Bigint);
    }

    private static string Upsert(string table, string key)
    {
        var keys = key.Split(',').Length;
        var values = string.Join(", ", Enumerable.Range(1, keys + 5).Select(i => $"${i}"));
        var adds = string.Join(", ", Sums.Split(", ").Select(c => $"{c} = t.{c} + excluded.{c}"));
        return $"insert into {table} as t ({key}, {Sums}) select * from unnest({values}) on conflict ({key}) do update set {adds}";
    }

    private static NpgsqlParameter[] SumsOf(IEnumerable<Counts> counts) =>
    [
        Array(counts.Select(c => c.Events)), Array(counts.Select(c => c.Ratings)), Array(counts.Select(c => c.RatingThousandths)),
        Array(counts.Select(c => c.Minutes)), Array(counts.Select(c => c.Opens)),
    ];

    private static void Add(NpgsqlBatch batch, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
    }

    private static NpgsqlParameter<T[]> Array<T>(IEnumerable<T> values) => new() { TypedValue = [.. values] };
    private static NpgsqlParameter<DateTimeOffset> Value(DateTimeOffset at) => new() { TypedValue = at };
    private static DateTime Hour(long hour) => DateTime.UnixEpoch.AddHours(hour);
    private static DateOnly Day(int day) => DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(day);
}
