using System.Text;
using Confluent.Kafka;
using Npgsql;
using Recs.Commands.Consuming;
using Recs.Kafka.Connecting;
using Recs.Testing;

namespace Recs.Commands.Tests.Consuming;

/// <summary>A broker with the topics, a producer for them, and a database that a node consumes into. Tests that share it use users and movies of their own.</summary>
public sealed class ConsumedTopics : IAsyncLifetime
{
    private IProducer<string?, byte[]?> _producer = null!;
    private TestDatabase _database = null!;
    private ConsumingNode? _node;

    public MockBroker Broker { get; private set; } = null!;

    public NpgsqlDataSource Source => _database.Source;

    internal ConsumingNode Node => _node!;

    public async Task InitializeAsync()
    {
        await PrepareAsync();
        await StartAsync();
    }

    /// <summary>Broker, topics, producer, tables.</summary>
    public async Task PrepareAsync(int partitions = 2)
    {
        SystemLibrary.Use();
        Broker = new MockBroker().WithTopic("recs.watch", partitions).WithTopic("recs.rate", partitions).WithTopic("recs.movielog", partitions).WithTopic("recs.dead_letter");
        _producer = new ProducerBuilder<string?, byte[]?>(new ProducerConfig { BootstrapServers = Broker.Bootstrap, EnableIdempotence = true, LingerMs = 1 })
            .SetKeySerializer(Serializers.Utf8!).SetValueSerializer(Serializers.ByteArray!).Build();
        _database = await ConsumingNode.DatabaseAsync();
    }

    internal async Task<ConsumingNode> StartAsync(Func<ConsumingOptions, ConsumingOptions>? change = null)
        => _node = await ConsumingNode.StartAsync(Source, (change ?? (o => o))(ConsumingNode.Options(Broker.Bootstrap)));

    internal async Task StopAsync()
    {
        if (_node is { } node)
            await node.DisposeAsync();
        _node = null;
    }

    /// <summary>Sends text keyed by user; done when the broker has it.</summary>
    public Task<DeliveryResult<string?, byte[]?>> SendAsync(string topic, string? key, string value) => SendAsync(topic, key, Encoding.UTF8.GetBytes(value));

    public Task<DeliveryResult<string?, byte[]?>> SendAsync(string topic, string? key, byte[]? value, Headers? headers = null)
        => _producer.ProduceAsync(topic, new() { Key = key, Value = value, Headers = headers ?? [] });

    public Task RateAsync(string user, string movie, double rating, long milliseconds)
        => SendAsync("recs.rate", user, $$"""{"timestamp":{{milliseconds}},"user_id":"{{user}}","movie_id":"{{movie}}","rating":{{rating}}}""");

    public Task WatchAsync(string user, string movie, int minute, long milliseconds)
        => SendAsync("recs.watch", user, $$"""{"timestamp":{{milliseconds}},"user_id":"{{user}}","movie_id":"{{movie}}","minute":{{minute}}}""");

    public async Task<IReadOnlyList<string>> LinesAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await row.ReadAsync())
            lines.Add(row.GetString(0));
        return lines;
    }

    /// <summary>Type and body of a stream's events, in order.</summary>
    public Task<IReadOnlyList<string>> StreamAsync(string stream)
        => LinesAsync($"select type || ' ' || data from recs.mt_events where stream_id = '{stream}' order by version");

    public async Task<long> CountAsync(string sql) => long.Parse((await LinesAsync($"select ({sql})::text"))[0]);

    public Task ExecuteAsync(string sql) => LinesAsync($"with done as ({sql} returning 1) select 'x' from done");

    /// <summary>The first dead letters with a key.</summary>
    public IReadOnlyList<ConsumeResult<string, byte[]>> DeadLetters(string key, int count)
    {
        using var reader = new ConsumerBuilder<string, byte[]>(new ConsumerConfig { BootstrapServers = Broker.Bootstrap, GroupId = "reader", EnableAutoCommit = false }).Build();
        reader.Assign(new TopicPartitionOffset("recs.dead_letter", 0, Offset.Beginning));
        var letters = new List<ConsumeResult<string, byte[]>>();
        while (letters.Count < count && reader.Consume(TimeSpan.FromSeconds(20)) is { } letter)
        {
            if (letter.Message.Key == key)
                letters.Add(letter);
        }
        return letters;
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        _producer.Dispose();
        Broker.Dispose();
        await _database.DisposeAsync();
    }
}
