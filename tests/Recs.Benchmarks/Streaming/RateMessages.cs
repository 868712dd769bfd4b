using System.Text;
using Confluent.Kafka;
using Recs.Kafka.Connecting;

namespace Recs.Benchmarks.Streaming;

/// <summary>Ratings as a foreign producer sends them to <c>recs.rate</c>, keyed by user.</summary>
internal sealed class RateMessages : IDisposable
{
    public const string Topic = "recs.rate";
    private readonly IProducer<byte[], byte[]> _producer;
    private long _failed;

    public RateMessages(string bootstrap)
    {
        var config = new KafkaSettings(bootstrap).Producer();
        config.LingerMs = 2;
        config.QueueBufferingMaxMessages = 1_000_000;
        _producer = new ProducerBuilder<byte[], byte[]>(config).Build();
    }

    /// <summary>Sends one, without waiting for the broker.</summary>
    public void Send(string user, string movie, int rating, DateTimeOffset at)
    {
        var value = Encoding.UTF8.GetBytes($$"""{"timestamp":{{at.ToUnixTimeMilliseconds()}},"user_id":"{{user}}","movie_id":"{{movie}}","rating":{{rating}}}""");
        _producer.Produce(Topic, new() { Key = Encoding.UTF8.GetBytes(user), Value = value }, report =>
        {
            if (report.Error.IsError) Interlocked.Increment(ref _failed);
        });
    }

    /// <summary>Waits until the broker has acknowledged all.</summary>
    /// <exception cref="InvalidOperationException">It refused some.</exception>
    public void Flush(CancellationToken cancel)
    {
        _producer.Flush(cancel);
        if (Interlocked.Read(ref _failed) is > 0 and var failed) throw new InvalidOperationException($"The broker refused {failed} messages.");
    }

    public void Dispose() => _producer.Dispose();
}
