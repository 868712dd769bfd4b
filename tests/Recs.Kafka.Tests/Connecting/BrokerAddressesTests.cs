using Recs.Kafka.Connecting;
using Shouldly;

namespace Recs.Kafka.Tests.Connecting;

public sealed class BrokerAddressesTests
{
    [Theory]
    [InlineData("localhost:9092")]
    [InlineData("kafka-1.example:9092, kafka_2:9093")]
    [InlineData("10.0.0.1:9092,[::1]:9092")]
    public void names_and_addresses_with_a_port_are_brokers(string text) => BrokerAddresses.AreValid(text).ShouldBeTrue();

    [Theory]
    [InlineData("nonsense")]
    [InlineData("localhost:")]
    [InlineData(":9092")]
    [InlineData("localhost:0")]
    [InlineData("localhost:65536")]
    [InlineData("localhost:9092,")]
    [InlineData("http://localhost:9092")]
    [InlineData("::1:9092")]
    public void anything_else_is_not(string text) => BrokerAddresses.AreValid(text).ShouldBeFalse();
}
