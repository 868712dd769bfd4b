using Confluent.Kafka;
using Npgsql;
using NpgsqlTypes;
using Recs.EventStore;
using Recs.EventStore.Appending;

namespace Recs.Commands.Consuming;

/// <summary>How far each partition was read (table <c>recs_kafka_offsets</c>): the truth, whatever Kafka believes.</summary>
internal sealed class KafkaOffsets(NpgsqlDataSource source, EventStoreOptions options, string group)
{
    /// <summary>What the database raises when the row is not where the caller believes it.</summary>
    private const string Moved = "RK001";

    /// <summary>Whether an append failed because another consumer had moved its partition's row.</summary>
    public static bool IsFenced(PostgresException e) => e.SqlState == Moved;

    /// <summary>The next offset of those of the partitions of which anything was read.</summary>
    public async Task<IReadOnlyDictionary<TopicPartition, long>> FindAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancel)
    {
        await using var command = source.CreateCommand($"""
            select o.topic, o.partition, o.next_offset from {options.Schema}.recs_kafka_offsets o
            join unnest($2, $3) as asked (topic, partition) on asked.topic = o.topic and asked.partition = o.partition
            where o.consumer_group = $1
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = group });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. partitions.Select(p => p.Topic)] });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. partitions.Select(p => p.Partition.Value)] });
        var found = new Dictionary<TopicPartition, long>();
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            found.Add(new(row.GetString(0), row.GetInt32(1)), row.GetInt64(2));
        return found;
    }

    /// <summary>The statement that moves a partition's row in the commit of what was read; the commit fails if the row is not at <paramref name="expected"/>.</summary>
    /// <param name="partition">Partition.</param>
    /// <param name="expected">Where the row is; null if there is none.</param>
    /// <param name="next">Where it shall be.</param>
    public SideRow Advance(TopicPartition partition, long? expected, long next) => new(
        $"select {options.Schema}.recs_advance_kafka_offset($1, $2, $3, $4, $5, $6)",
        [
            new NpgsqlParameter<string> { TypedValue = group },
            new NpgsqlParameter<string> { TypedValue = partition.Topic },
            new NpgsqlParameter<int> { TypedValue = partition.Partition.Value },
            new NpgsqlParameter { Value = (object?)expected ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
            new NpgsqlParameter<long> { TypedValue = next },
            new NpgsqlParameter<DateTimeOffset> { TypedValue = options.Clock.GetUtcNow() },
        ]);
}
