using Npgsql;
using Recs.EventStore.Appending;
using Shouldly;

namespace Recs.EventStore.Tests.Appending;

public sealed class LostConnectionTests
{
    [Fact]
    public async Task Killing_the_writers_server_processes_loses_and_doubles_nothing()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options, writers: 3);
        using var stop = new CancellationTokenSource();

        var killing = Task.Run(async () =>
        {
            for (var kill = 0; kill < 12; kill++)
            {
                var target = (kill + 1) * 60;
                await Until.Holds(async () => await store.ScalarAsync<long>("select last_value from recs.mt_events_sequence") > target, $"{target} events");
                await store.ExecuteAsync(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like '%mt_streams as s%' and pid <> pg_backend_pid()");
            }

            await stop.CancelAsync();
        });
        var acknowledged = await Task.WhenAll(Enumerable.Range(0, 24).Select(async caller =>
        {
            var mine = new List<(Guid Id, long Sequence)>();
            while (!stop.IsCancellationRequested)
            {
                var e = Given.Event();
                var result = await appender.AppendAsync(AppendRequest.One($"s{caller % 8}", e));
                mine.Add((e.Id, result.LastSequence));
            }

            return mine;
        }));
        await killing;

        var stored = new Dictionary<Guid, long>();
        await foreach (var e in store.Reader.ReadLogAsync(0, long.MaxValue)) stored.Add(e.Id, e.Sequence);
        foreach (var (id, sequence) in acknowledged.SelectMany(a => a)) stored[id].ShouldBe(sequence);
        stored.Count.ShouldBe(acknowledged.Sum(a => a.Count));
    }

    [Fact]
    public async Task A_kill_in_the_middle_of_a_statement_is_settled_and_run_again()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options, writers: 1);

        AppendResult result;
        await using (var gate = await Gate.CloseAsync(store))
        {
            var held = appender.AppendAsync(Given.To("gate")).AsTask();
            await gate.BlocksAsync();
            await store.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
            await gate.OpenAsync();
            result = await held;
        }

        result.Streams.Single().Version.ShouldBe(1);
        (await store.ScalarAsync<long>("select count(*) from recs.mt_events")).ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_is_acknowledged_before_the_commit()
    {
        await using var store = await StoreDatabase.CreateAsync();
        // Whatever the statement answers, this transaction fails when it commits.
        await store.ExecuteAsync("""
            create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused at the commit'; end $$;
            create constraint trigger refuse after insert on recs.mt_events deferrable initially deferred for each row when (new.type = 'bad') execute function refuse()
            """);
        await using var appender = new EventAppender(store.Source, store.Options);

        var failure = await Should.ThrowAsync<PostgresException>(async () => await appender.AppendAsync(AppendRequest.One("s", Given.Event("bad"))));

        failure.MessageText.ShouldBe("refused at the commit");
        (await store.Reader.FindStreamAsync("s")).ShouldBeNull();
    }
}
