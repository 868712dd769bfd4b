using Confluent.Kafka;
using Recs.Kafka.Connecting;
using Recs.Testing;
using Shouldly;

namespace Recs.Kafka.Tests.Connecting;

public sealed class SystemLibraryTests
{
    [Fact]
    public async Task the_systems_librdkafka_carries_a_message_through_a_broker_and_back()
    {
        SystemLibrary.Use();
        using var broker = new MockBroker().WithTopic("there");
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = broker.Bootstrap, EnableIdempotence = true }).Build();
        var sent = await producer.ProduceAsync("there", new Message<string, string> { Key = "k", Value = "v" });
        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { BootstrapServers = broker.Bootstrap, GroupId = "g" }).Build();
        consumer.Assign(new TopicPartitionOffset(sent.TopicPartition, 0));
        consumer.Consume(TimeSpan.FromSeconds(20))!.Message.Value.ShouldBe("v");
    }
}
