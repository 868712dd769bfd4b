using System.Net;
using System.Net.Sockets;
using Recs.Contracts.Avro;
using Recs.Kafka.Messages;
using Recs.Kafka.SchemaRegistry;
using Recs.Testing;
using Shouldly;

namespace Recs.Kafka.Tests.SchemaRegistry;

public sealed class SchemaRegistryClientTests
{
    private static readonly AvroSubject Subject = AvroSubjects.ModelMetrics;
    private static readonly SchemaRegistryOptions Patient = new() { FirstPause = TimeSpan.FromMilliseconds(1) };

    [Fact]
    public async Task a_schema_gets_an_id_under_which_it_is_found_and_keeps_it()
    {
        await using var registry = await RegistryStandIn.StartAsync();
        using var client = Client(registry);
        await client.RequireCompatibleAsync(Subject, default);
        var id = await client.RegisterAsync(Subject, default);
        (await client.RegisterAsync(Subject, default)).ShouldBe(id);
        (await client.FindAsync(id, default))!.Schema.ShouldBe(Subject.Schema);
        (await client.FindAsync(id + 1, default)).ShouldBeNull();
    }

    [Fact]
    public async Task a_schema_that_cannot_follow_the_latest_one_is_refused_in_the_registrys_words()
    {
        await using var registry = await RegistryStandIn.StartAsync();
        registry.Put(Subject.Name, """{"type":"record","name":"ModelMetric","fields":[{"name":"timestamp","type":"string"}]}""");
        using var client = Client(registry);
        (await Should.ThrowAsync<SchemaRefusedException>(() => client.RequireCompatibleAsync(Subject, default))).Message.ShouldContain("record ModelMetric, has no field 'model'");
        (await Should.ThrowAsync<SchemaRefusedException>(() => client.RegisterAsync(Subject, default))).Message.ShouldContain("409: Schema being registered is incompatible");
    }

    [Fact]
    public async Task a_text_that_is_no_schema_is_refused_in_the_registrys_words()
    {
        await using var registry = await RegistryStandIn.StartAsync();
        using var client = Client(registry);
        (await Should.ThrowAsync<SchemaRefusedException>(() => client.RegisterAsync(new("s", "\"nothing\""), default))).Message.ShouldContain("422: Invalid schema: The schema names the type 'nothing'");
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task a_registry_that_is_not_well_is_asked_again(int status)
    {
        await using var registry = await RegistryStandIn.StartAsync();
        registry.FailNext(status, status, status);
        using var client = Client(registry);
        (await client.RegisterAsync(Subject, default)).ShouldBe(1);
        registry.Asked.Count.ShouldBe(4);
    }

    [Fact]
    public async Task a_registry_that_stays_unwell_is_unavailable()
    {
        await using var registry = await RegistryStandIn.StartAsync();
        registry.FailNext(500, 500, 500, 500);
        using var client = Client(registry);
        (await Should.ThrowAsync<SchemaRegistryUnavailableException>(() => client.FindAsync(1, default))).Message.ShouldContain("500: told to fail");
    }

    [Fact]
    public async Task a_registry_that_is_down_is_unavailable_and_found_once_it_is_up()
    {
        var port = FreePort();
        using var client = new SchemaRegistryClient(SchemaRegistryAddress.Parse($"http://127.0.0.1:{port}"), Patient, TimeProvider.System);
        await Should.ThrowAsync<SchemaRegistryUnavailableException>(() => client.FindAsync(1, default));
        await using var registry = await RegistryStandIn.StartAsync(port);
        (await client.FindAsync(1, default)).ShouldBeNull();
    }

    [Fact]
    public async Task an_answer_that_does_not_come_is_not_waited_for_without_end()
    {
        await using var registry = await RegistryStandIn.StartAsync();
        registry.StopAnswering();
        using var client = Client(registry, Patient with { Timeout = TimeSpan.FromMilliseconds(100), Attempts = 2 });
        (await Should.ThrowAsync<SchemaRegistryUnavailableException>(() => client.FindAsync(1, default))).Message.ShouldContain("no answer within 0.1 s");
        registry.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task credentials_of_the_address_are_sent_and_never_said()
    {
        await using var registry = await RegistryStandIn.StartAsync(account: "us er:p@ss:word");
        using var client = Client(registry, Patient, "us%20er:p%40ss:word@");
        (await client.RegisterAsync(Subject, default)).ShouldBe(1);
        using var other = Client(registry, Patient, "user:wrong@");
        var refused = await Should.ThrowAsync<SchemaRefusedException>(() => other.RegisterAsync(Subject, default));
        refused.Message.ShouldContain("401: User cannot be authenticated");
        refused.Message.ShouldNotContain("wrong");
        // A reader with wrong credentials must not take good messages for unreadable ones.
        (await Should.ThrowAsync<SchemaRegistryUnavailableException>(() => other.FindAsync(1, default))).Message.ShouldNotContain("wrong");
    }

    [Fact]
    public async Task another_server_at_the_address_is_not_taken_for_a_registry_without_schemas()
    {
        await using var registry = await RegistryStandIn.StartAsync();
        using var client = new SchemaRegistryClient(SchemaRegistryAddress.Parse(new Uri(registry.Url, "elsewhere").ToString()), Patient, TimeProvider.System);
        (await Should.ThrowAsync<SchemaRegistryUnavailableException>(() => client.FindAsync(1, default))).Message.ShouldContain("does not do so like a schema registry");
        await Should.ThrowAsync<SchemaRegistryUnavailableException>(() => client.RegisterAsync(Subject, default));
        await Should.ThrowAsync<SchemaRegistryUnavailableException>(() => client.RequireCompatibleAsync(Subject, default));
    }

    [Theory]
    [InlineData("registry:8081")]
    [InlineData("ftp://registry")]
    [InlineData("http://registry:8081?subject=a")]
    [InlineData("/subjects")]
    public void what_is_no_address_is_refused(string url) => Should.Throw<FormatException>(() => SchemaRegistryAddress.Parse(url));

    [Fact]
    public void an_address_is_shown_without_its_credentials()
        => SchemaRegistryAddress.Parse("https://key:secret@registry.example.org/team/").ToString().ShouldBe("https://registry.example.org/team");

    private static SchemaRegistryClient Client(RegistryStandIn registry, SchemaRegistryOptions? options = null, string account = "")
        => new(SchemaRegistryAddress.Parse(registry.Url.ToString().Replace("://", "://" + account, StringComparison.Ordinal)), options ?? Patient, TimeProvider.System);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
