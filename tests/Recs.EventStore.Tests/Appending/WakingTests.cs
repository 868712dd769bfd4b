using Npgsql;
using Recs.EventStore.Appending;
using Shouldly;

namespace Recs.EventStore.Tests.Appending;

public sealed class WakingTests
{
    [Fact]
    public async Task This_process_is_told_the_highest_sequence_of_each_commit()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options, writers: 1);
        var told = new TaskCompletionSource<long>();
        appender.Appended += sequence => told.TrySetResult(sequence);

        await appender.AppendAsync(Given.To("s", 3));

        (await told.Task.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBe(3);
    }

    [Fact]
    public async Task Other_processes_are_notified_and_marten_too()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);
        await using var connection = await store.Source.OpenConnectionAsync();
        var heard = new Dictionary<string, string>();
        connection.Notification += (_, n) => heard[n.Channel] = n.Payload;
        await using (var listen = new NpgsqlCommand("listen recs_appended; listen mt_events_appended", connection)) await listen.ExecuteNonQueryAsync();

        await appender.AppendAsync(Given.To("s", 3));

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (heard.Count < 2) await connection.WaitAsync(deadline.Token);
        heard["recs_appended"].ShouldBe("3");
        heard.ShouldContainKey("mt_events_appended");
    }
}
