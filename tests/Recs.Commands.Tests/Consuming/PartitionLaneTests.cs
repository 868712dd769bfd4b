using System.Text;
using Confluent.Kafka;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Recs.Commands.Consuming;
using Recs.EventStore.Appending;
using Recs.Kafka.Messages;
using Recs.Testing;

namespace Recs.Commands.Tests.Consuming;

/// <summary>Lanes over a real database, without a broker: what they are offered is made here.</summary>
public sealed class PartitionLaneTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private ConsumingNode _node = null!;

    public async Task InitializeAsync()
    {
        _database = await ConsumingNode.DatabaseAsync();
        _node = ConsumingNode.Build(_database.Source, ConsumingNode.Options("localhost:9"));
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>A topic is a list of facts, some told more than once. Consumers read it from wherever the database says, in pieces, stop anywhere, overlap, and are sent back to its start.</summary>
    [Fact]
    public void However_often_a_topic_is_told_and_read_the_log_has_each_fact_once_and_a_users_facts_in_order()
    {
        var run = 0;
        var told = Gen.Choose(0, 29).ListOf(60);
        var steps = Gen.Choose(0, 9).ListOf(12);
        Prop.ForAll(told.ToArbitrary(), steps.ToArbitrary(), (facts, consumers) => ReadAsync(run++, [.. facts], [.. consumers]).GetAwaiter().GetResult())
            .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(15));
    }

    [Fact]
    public async Task A_batch_of_a_partition_that_somebody_else_has_read_on_stores_nothing_and_is_read_again_from_there()
    {
        var (mine, theirs) = (await LaneAsync("fenced"), await LaneAsync("fenced"));
        theirs.Offer(Message("fenced", 0, "a"));
        await Eventually.HoldsAsync("theirs is stored", () => theirs.Next == 1);
        mine.Offer(Message("fenced", 0, "b"));
        mine.Offer(Message("fenced", 1, "c"));
        var seek = await Eventually.GetAsync<object>("mine is sent back", () => Task.FromResult<object?>(mine.TakeSeek()));
        seek.ShouldBe(new Offset(1));
        mine.Offer(Message("fenced", 1, "c"));
        await Eventually.HoldsAsync("mine is stored", () => mine.Next == 2);
        (await FactsAsync("fenced")).ShouldBe(["a", "c"]);
        await CloseAsync(mine, theirs);
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_counts_once()
    {
        var lane = await LaneAsync("lost");
        lane.Offer(Message("lost", 0, "a"));
        await Eventually.HoldsAsync("it is stored", () => lane.Next == 1);
        var again = new PartitionLane(new("lost", 0), null, Parts(), new FactValues(true)); // as if it had heard of no commit
        again.Offer(Message("lost", 0, "a"));
        await Eventually.HoldsAsync("it finds where the database is", () => again.Next == 1);
        again.TakeSeek().ShouldBeNull();
        again.Offer(Message("lost", 1, "b"));
        await Eventually.HoldsAsync("it goes on", () => again.Next == 2);
        (await FactsAsync("lost")).ShouldBe(["a", "b"]);
        await CloseAsync(lane, again);
    }

    [Fact]
    public async Task While_the_database_is_slow_a_lane_fills_up_and_says_so_and_empties_afterwards()
    {
        var parts = Parts() with { Options = ConsumingNode.Options("localhost:9") with { BufferedMessages = 20, BatchMessages = 10 } };
        var lane = new PartitionLane(new("slow", 0), null, parts, new FactValues(true));
        await using (var connection = await _database.Source.OpenConnectionAsync())
        await using (var slow = await connection.BeginTransactionAsync())
        {
            await using (var hold = new NpgsqlCommand("lock table recs.recs_kafka_offsets in access exclusive mode", connection))
                await hold.ExecuteNonQueryAsync();
            for (var offset = 0; !lane.Full; offset++)
                lane.Offer(Message("slow", offset, $"m{offset}"));
            lane.HasRoom.ShouldBeFalse();
            lane.Next.ShouldBeNull();
        }
        await Eventually.HoldsAsync("it empties", () => lane is { HasRoom: true, Full: false, Next: >= 20 });
        await lane.DisposeAsync();
    }

    [Fact]
    public async Task While_the_database_is_away_nothing_is_passed_over()
    {
        var lane = await LaneAsync("away");
        await using var elsewhere = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await AdmitAsync(elsewhere, false);
        lane.Offer(Message("away", 0, "a"));
        await Eventually.HoldsAsync("it says so", () => lane.Trouble is not null);
        lane.Next.ShouldBeNull();
        await AdmitAsync(elsewhere, true);
        await Eventually.HoldsAsync("it is stored", () => lane is { Next: 1, Trouble: null });
        (await FactsAsync("away")).ShouldBe(["a"]);
        await lane.DisposeAsync();
    }

    [Fact]
    public async Task A_broker_that_takes_no_dead_letter_holds_the_position_back()
    {
        var lane = await LaneAsync("refused"); // there is no broker at all
        lane.Offer(Message("refused", 0, "not an id"));
        lane.Offer(Message("refused", 1, "a"));
        await Eventually.HoldsAsync("the batch is being stored", async () => { await Task.Yield(); return lane.HasRoom; });
        lane.Next.ShouldBeNull();
        (await FactsAsync("refused")).ShouldBeEmpty();
        await lane.DisposeAsync();
    }

    [Fact]
    public async Task New_movies_that_many_partitions_name_at_once_undo_nobodys_work()
    {
        const int partitions = 6, messages = 40;
        var lanes = await Task.WhenAll(Enumerable.Range(0, partitions).Select(p => LaneAsync($"cold{p}")));
        foreach (var lane in lanes)
            for (var offset = 0; offset < messages; offset++)
                lane.Offer(Message(lane.Partition.Topic, offset, $"new{offset}"));
        await Eventually.HoldsAsync("all is stored", () => lanes.All(lane => lane.Next == messages));
        await using var command = _database.Source.CreateCommand("select count(*), (select last_value from recs.mt_events_sequence) from recs.mt_events");
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        (row.GetInt64(0), row.GetInt64(1)).ShouldBe((partitions * messages + messages, partitions * messages + messages)); // a number that was drawn and undone would be missing
        await CloseAsync(lanes);
    }

    [Fact]
    public async Task Another_message_at_an_offset_that_was_refused_before_is_open_again_and_the_same_message_is_not()
    {
        await KeepAsync("a");
        const string tried = "tries = 1, tried_at = now(), newest_reason = 'bad-rating', newest_detail = 'x', corrected = 'a2', stored_at = now(), stored_sequence = 7";
        await ExecuteAsync($"update recs.recs_rejects set {tried} where file = 'anew[0]'");
        await KeepAsync("a");
        (await TriesAsync()).ShouldBe("1 a2 5");
        await KeepAsync("b"); // the topic was made anew
        (await TriesAsync()).ShouldBe("0 - 0");

        async Task KeepAsync(string movie) => await _node.Services.GetRequiredService<EventAppender>().AppendAsync(new(
            [], [_node.Services.GetRequiredService<RefusedMessages>().Keep([new(Message("anew", 0, movie), new(MessageReasons.Unreadable, movie))])]));

        async Task<string> TriesAsync()
        {
            await using var command = _database.Source.CreateCommand(
                "select concat_ws(' ', tries, coalesce(corrected, '-'), num_nonnulls(tried_at, newest_reason, newest_detail, stored_at, stored_sequence)) from recs.recs_rejects where file = 'anew[0]'");
            return (string)(await command.ExecuteScalarAsync())!;
        }
    }

    private async Task ReadAsync(int run, int[] told, int[] steps)
    {
        var user = $"user{run}";
        var read = new List<PartitionLane>();
        foreach (var step in steps)
        {
            if (step == 0)
                await ExecuteAsync($"delete from recs.recs_kafka_offsets where topic = '{user}'"); // the topic is replayed
            var lane = await LaneAsync(user);
            read.Add(lane);
            for (var offset = lane.Next ?? 0; offset < told.Length && offset < (lane.Next ?? 0) + step * 10; offset++)
                lane.Offer(Message(user, offset, $"m{told[offset]}"));
            if (step % 3 == 1)
                continue; // the next begins while this one is at work
            await CloseAsync([.. read]);
        }
        await CloseAsync([.. read]);
        var last = await LaneAsync(user);
        for (var offset = last.Next ?? 0; offset < told.Length; offset++)
            last.Offer(Message(user, offset, $"m{told[offset]}"));
        await Eventually.HoldsAsync("the end of the topic", () => last.Next == told.Length);
        await last.DisposeAsync();
        (await FactsAsync(user)).ShouldBe(told.Distinct().Select(f => $"m{f}"));
    }

    private static Task CloseAsync(params PartitionLane[] lanes) => Task.WhenAll(lanes.Select(lane => lane.DisposeAsync().AsTask()));

    private async Task<PartitionLane> LaneAsync(string topic)
    {
        var partition = new TopicPartition(topic, 0);
        var stored = await _node.Services.GetRequiredService<KafkaOffsets>().FindAsync([partition], CancellationToken.None);
        return new(partition, stored.TryGetValue(partition, out var next) ? next : null, Parts(), new FactValues(true));
    }

    private LaneParts Parts() => new(
        _node.Services.GetRequiredService<StoreMessages>(), _node.Services.GetRequiredService<KafkaOffsets>(), new NoFrameDecoder(),
        _node.Services.GetRequiredService<ConsumingOptions>(), TimeProvider.System, _node.Services.GetRequiredService<ConsumingInstruments>(), NullLogger.Instance, () => { });

    /// <summary>A rating of the movie by the user that is called as the topic.</summary>
    private static ConsumeResult<byte[], byte[]> Message(string topic, long offset, string movie) => new()
    {
        Topic = topic,
        Partition = 0,
        Offset = offset,
        Message = new() { Value = Encoding.UTF8.GetBytes($$"""{"timestamp":1700000000000,"user_id":"{{topic}}","movie_id":"{{movie}}","rating":3}""") },
    };

    private async Task<IReadOnlyList<string>> FactsAsync(string user)
    {
        await using var command = _database.Source.CreateCommand($"select data ->> 'MovieId' from recs.mt_events where stream_id = 'user-{user}' order by version");
        await using var row = await command.ExecuteReaderAsync();
        var movies = new List<string>();
        while (await row.ReadAsync())
            movies.Add(row.GetString(0));
        return movies;
    }

    private Task ExecuteAsync(string sql) => ExecuteAsync(_database.Source, sql);

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task AdmitAsync(NpgsqlDataSource elsewhere, bool admitted)
    {
        await ExecuteAsync(elsewhere, $"alter database {_database.Name} allow_connections {admitted}");
        if (!admitted)
            await ExecuteAsync(elsewhere, $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{_database.Name}'");
    }
}
