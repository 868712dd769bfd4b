using Npgsql;
using NpgsqlTypes;
using Recs.EventStore.Appending;
using Shouldly;

namespace Recs.EventStore.Tests.ForeignWriting;

/// <summary>A writer that issues the statements of Marten's three append paths, beside ours, on the same streams.</summary>
public sealed class ForeignWriterTests
{
    [Fact]
    public async Task What_the_quick_path_appends_is_read_and_continued()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);
        await appender.AppendAsync(Given.To("s", 2));

        var answer = await QuickAsync(store, "s", 3);
        var ours = await appender.AppendAsync(Given.To("s", ExpectedVersion.Exactly(5)));

        answer.ShouldBe([5L, 3L, 4L, 5L]);
        ours.Streams.Single().Version.ShouldBe(6);
        (await store.Reader.ReadStreamAsync("s").ToListAsync()).Select(e => e.Version).ShouldBe([1L, 2L, 3L, 4L, 5L, 6L]);
    }

    [Fact]
    public async Task The_quick_path_is_refused_by_version_before_it_draws_a_number()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await QuickAsync(store, "s", 2);

        (await Should.ThrowAsync<PostgresException>(() => QuickAsync(store, "s", 1, expected: 1))).SqlState.ShouldBe("MT003");
        (await QuickAsync(store, "s", 1, expected: 2)).ShouldBe([3L, 3L]);
        await store.ExecuteAsync("select recs.mt_archive_stream('s')");
        (await Should.ThrowAsync<PostgresException>(() => QuickAsync(store, "s", 1))).SqlState.ShouldBe("MT001");
        (await QuickAsync(store, "empty", 0)).ShouldBe([0L]);
    }

    [Fact]
    public async Task Ours_never_lose_against_racing_quick_writers()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);
        var stop = false;
        var foreign = Enumerable.Range(0, 2).Select(async _ =>
        {
            var stored = 0;
            while (!Volatile.Read(ref stop))
            {
                try
                {
                    await QuickAsync(store, "hot", 1);
                    stored++;
                }
                catch (PostgresException lost) when (lost.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected)
                {
                    // Marten reports this to its caller as a concurrency failure.
                    await Task.Yield();
                }
            }

            return stored;
        }).ToArray();

        var ours = new List<AppendResult>();
        for (var n = 0; n < 40; n++) ours.Add(await appender.AppendAsync(Given.To("hot")));
        Volatile.Write(ref stop, true);
        var theirs = (await Task.WhenAll(foreign)).Sum();

        ours.Count.ShouldBe(40);
        (await store.ScalarAsync<long>("select count(*) from recs.mt_events")).ShouldBe(40 + theirs);
        (await store.ScalarAsync<long>("select max(version) from recs.mt_events")).ShouldBe(40 + theirs);
    }

    [Fact]
    public async Task What_the_rich_path_appends_is_read_and_continued()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);

        await RichAsync(store, "s", 0, 2);
        await appender.AppendAsync(Given.To("s", ExpectedVersion.Exactly(2)));
        await RichAsync(store, "s", 3, 1);

        (await store.Reader.ReadStreamAsync("s").ToListAsync()).Select(e => (e.Sequence, e.Version)).ShouldBe([(1L, 1L), (2, 2), (3, 3), (4, 4)]);
        await Should.ThrowAsync<InvalidOperationException>(() => RichAsync(store, "s", 1, 1));
        (await appender.AppendAsync(Given.To("s"))).Streams.Single().ShouldSatisfyAllConditions(
            s => s.Version.ShouldBe(5), s => s.Sequences.ShouldBe([6L])); // the refused one had drawn 5
    }

    [Fact]
    public async Task What_the_copy_path_brings_in_is_read_and_continued()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);

        await CopyAsync(store, "s", 5);
        var ours = await appender.AppendAsync(Given.To("s", ExpectedVersion.Exactly(5)));

        ours.Streams.Single().ShouldSatisfyAllConditions(s => s.Version.ShouldBe(6), s => s.Sequences.ShouldBe([6L]));
        (await store.Reader.ReadLogAsync(0, 100).ToListAsync()).Select(e => e.Version).ShouldBe([1L, 2L, 3L, 4L, 5L, 6L]);
    }

    [Fact]
    public async Task The_progress_functions_keep_martens_rows()
    {
        await using var store = await StoreDatabase.CreateAsync();

        await store.ExecuteAsync("select recs.mt_mark_event_progression('A:All', 7)");
        await store.ExecuteAsync("select recs.mt_mark_event_progression('A:All', 9)");
        (await store.ScalarAsync<long>("select last_seq_id from recs.mt_event_progression where name = 'A:All'")).ShouldBe(9);

        (await store.ScalarAsync<long>("select recs.mt_mark_progression_with_skip('HighWaterMark', 5, 0)")).ShouldBe(5);
        (await store.ScalarAsync<long>("select recs.mt_mark_progression_with_skip('HighWaterMark', 12, 5)")).ShouldBe(12);
        (await store.ScalarAsync<long>("select recs.mt_mark_progression_with_skip('HighWaterMark', 20, 5)")).ShouldBe(12);
        (await store.LinesAsync("select starting_sequence || '-' || ending_sequence from recs.mt_high_water_skips order by ending_sequence")).ShouldBe(["0-5", "5-12"]);
    }

    /// <summary>One call of the server-side function, as in Marten's default mode.</summary>
    private static async Task<long[]> QuickAsync(StoreDatabase store, string stream, int count, long? expected = null)
    {
        await using var command = store.Source.CreateCommand(
            "select recs.mt_quick_append_events($1, null, '*DEFAULT*', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
        object[] values =
        [
            stream, Ids(count), Repeat("thing_happened", count), Repeat<string?>(null, count), Repeat("{}", count), Repeat<byte[]?>(null, count),
            Repeat("cause", count), Repeat("corr", count), Repeat<string?>(null, count), Repeat(DateTime.UtcNow, count), (object?)expected ?? DBNull.Value,
        ];
        NpgsqlDbType[] types =
        [
            NpgsqlDbType.Varchar, NpgsqlDbType.Uuid, NpgsqlDbType.Varchar, NpgsqlDbType.Varchar, NpgsqlDbType.Jsonb, NpgsqlDbType.Bytea,
            NpgsqlDbType.Varchar, NpgsqlDbType.Varchar, NpgsqlDbType.Jsonb, NpgsqlDbType.TimestampTz, NpgsqlDbType.Bigint,
        ];
        for (var i = 0; i < values.Length; i++)
            command.Parameters.Add(new() { Value = values[i], NpgsqlDbType = i is 0 or 10 ? types[i] : NpgsqlDbType.Array | types[i] });
        return (long[])(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Numbers drawn in a statement before the transaction; then the stream row by version and one insert per event.</summary>
    private static async Task RichAsync(StoreDatabase store, string stream, long version, int count)
    {
        var numbers = new List<long>();
        await using (var draw = store.Source.CreateCommand($"select nextval('recs.mt_events_sequence') from generate_series(1, {count})"))
        await using (var row = await draw.ExecuteReaderAsync())
        {
            while (await row.ReadAsync()) numbers.Add(row.GetInt64(0));
        }

        await using var connection = await store.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var update = version == 0
            ? "insert into recs.mt_streams (id, type, version, tenant_id) values ($1, null, $2, '*DEFAULT*') returning version"
            : $"update recs.mt_streams set version = $2 where id = $1 and version = {version} returning version";
        await using (var head = new NpgsqlCommand(update, connection) { Parameters = { new() { Value = stream }, new() { Value = version + count } } })
        {
            if (await head.ExecuteScalarAsync() is null) throw new InvalidOperationException("unexpected version");
        }

        foreach (var (number, i) in numbers.Select((n, i) => (n, i)))
        {
            await using var insert = new NpgsqlCommand(
                "insert into recs.mt_events (data, type, mt_dotnet_type, seq_id, id, stream_id, version, timestamp, tenant_id, correlation_id, causation_id, headers, is_archived) "
                + "values ('{}', 'thing_happened', null, $1, $2, $3, $4, now(), '*DEFAULT*', null, null, null, false)", connection)
            {
                Parameters = { new() { Value = number }, new() { Value = Guid.NewGuid() }, new() { Value = stream }, new() { Value = version + i + 1 } },
            };
            await insert.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
    }

    /// <summary>Binary COPY of a new stream's row, then of its events.</summary>
    private static async Task CopyAsync(StoreDatabase store, string stream, int count)
    {
        await using var connection = await store.Source.OpenConnectionAsync();
        await using (var streams = await connection.BeginBinaryImportAsync("copy recs.mt_streams (id, type, version, is_archived) from stdin (format binary)"))
        {
            await streams.StartRowAsync();
            await streams.WriteAsync(stream, NpgsqlDbType.Varchar);
            await streams.WriteNullAsync();
            await streams.WriteAsync((long)count, NpgsqlDbType.Bigint);
            await streams.WriteAsync(false, NpgsqlDbType.Boolean);
            await streams.CompleteAsync();
        }

        await store.ExecuteAsync($"select nextval('recs.mt_events_sequence') from generate_series(1, {count})");
        await using var events = await connection.BeginBinaryImportAsync(
            "copy recs.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, is_archived) from stdin (format binary)");
        for (var n = 1; n <= count; n++)
        {
            await events.StartRowAsync();
            await events.WriteAsync((long)n, NpgsqlDbType.Bigint);
            await events.WriteAsync(Guid.NewGuid(), NpgsqlDbType.Uuid);
            await events.WriteAsync(stream, NpgsqlDbType.Varchar);
            await events.WriteAsync((long)n, NpgsqlDbType.Bigint);
            await events.WriteAsync("{}", NpgsqlDbType.Jsonb);
            await events.WriteAsync("thing_happened", NpgsqlDbType.Varchar);
            await events.WriteAsync(DateTime.UtcNow, NpgsqlDbType.TimestampTz);
            await events.WriteAsync("*DEFAULT*", NpgsqlDbType.Varchar);
            await events.WriteAsync(false, NpgsqlDbType.Boolean);
        }

        await events.CompleteAsync();
    }

    private static Guid[] Ids(int count) => [.. Enumerable.Range(0, count).Select(_ => Guid.NewGuid())];

    private static T[] Repeat<T>(T value, int count) => [.. Enumerable.Repeat(value, count)];
}
