using Recs.Kafka.Connecting;
using Shouldly;

namespace Recs.Kafka.Tests.Connecting;

public sealed class KafkaPropertiesTests
{
    [Fact]
    public void properties_are_read_with_commas_and_backslashes_in_their_values()
        => KafkaProperties.Parse(@"sasl.mechanism=PLAIN, sasl.password=a\,b\\c=d,").ShouldBe(new Dictionary<string, string> { ["sasl.mechanism"] = "PLAIN", ["sasl.password"] = @"a,b\c=d" });

    [Fact]
    public void what_is_written_is_read_again()
    {
        var properties = new Dictionary<string, string> { ["ssl.ca.location"] = @"C:\ca,1.pem", ["debug"] = "cgrp,broker" };
        KafkaProperties.Parse(KafkaProperties.Write(properties)).ShouldBe(properties);
    }

    [Theory]
    [InlineData("sasl.password=s3cret,debug=cgrp", "sasl.password=***,debug=cgrp")]
    [InlineData(@"ssl.key.pem=s3\,cret", "ssl.key.pem=***")]
    [InlineData("s3cret", "***")]
    public void secrets_are_never_shown(string text, string shown) => KafkaProperties.Mask(text).ShouldBe(shown);

    [Theory]
    [InlineData("acks=1", "'acks'")]
    [InlineData("group.id=other", "--kafka-group")]
    [InlineData("debug=a,debug=b", "twice")]
    [InlineData("debug", "name=value")]
    public void what_cannot_be_set_is_refused_with_the_reason(string text, string reason)
        => Should.Throw<FormatException>(() => KafkaProperties.Parse(text)).Message.ShouldContain(reason);

    [Fact]
    public void a_property_that_librdkafka_does_not_know_is_found_before_anything_starts()
        => Should.Throw<FormatException>(() => new KafkaSettings("localhost:9", new Dictionary<string, string> { ["sasl.mechansim"] = "PLAIN" }).Check()).Message.ShouldContain("sasl.mechansim");

    [Fact]
    public void settings_name_themselves_without_their_secrets()
        => new KafkaSettings("broker:9092", new Dictionary<string, string> { ["sasl.password"] = "s3cret" }).ToString().ShouldBe("broker:9092 sasl.password=***");
}
