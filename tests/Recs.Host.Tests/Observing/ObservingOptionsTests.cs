using Recs.Host.CommandLine;
using Recs.Host.Configuring;
using Recs.Host.Observing;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Observing;

public sealed class ObservingOptionsTests
{
    private static ObservingOptions Of(string log, string otlp)
        => ObservingOptions.Of(Settings.Resolve(setting => setting.Name switch { "log" => log, "otlp" => otlp, _ => null }, new Dictionary<string, string>(), null));

    [Theory]
    [InlineData("http://collector:4318", "http://collector:4318/v1/traces")]
    [InlineData("http://collector:4318/", "http://collector:4318/v1/traces")]
    [InlineData("https://collector/of/mine", "https://collector/of/mine")]
    public void a_collectors_address_gets_the_standard_path_and_a_path_is_kept(string given, string spansTo) => Of("text", given).SpansTo.ShouldBe(spansTo);

    [Theory]
    [InlineData("xml", "")]
    [InlineData("json", "collector:4318")]
    [InlineData("json", "/v1/traces")]
    public void anything_else_is_refused(string log, string otlp) => Should.Throw<UsageException>(() => Of(log, otlp));
}
