using System.Runtime.InteropServices;
using Recs.Kafka.Connecting;

namespace Recs.Testing;

/// <summary>
/// A broker that speaks Kafka's real protocol over real TCP: librdkafka's own mock cluster, in this process, open to others. It keeps 5 MiB a partition and drops
/// the oldest silently, takes 3 s for a group's first join, does not isolate transactions, and never answers admin calls. Faults are put into it by the caller.
/// </summary>
public sealed unsafe class MockBroker : IDisposable
{
    private const int Producer = 0;

    /// <summary>Warnings and worse: that this client knows no broker is a notice, and it needs none, being one.</summary>
    private const string LogLevel = "4";

    private static readonly nint Library = SystemLibrary.Open();
    private readonly nint client;
    private readonly nint cluster;
    private readonly int brokers;

    /// <summary>Starts it.</summary>
    /// <param name="brokers">Brokers of the cluster, each on a free port of its own.</param>
    public MockBroker(int brokers = 1)
    {
        this.brokers = brokers;
        var error = stackalloc byte[256];
        var config = ((delegate* unmanaged<nint>)Of("rd_kafka_conf_new"))();
        Set(config, "log_level", LogLevel);
        client = ((delegate* unmanaged<int, nint, byte*, nuint, nint>)Of("rd_kafka_new"))(Producer, config, error, 256);
        if (client == 0) throw new InvalidOperationException($"librdkafka gave no client: {Marshal.PtrToStringUTF8((nint)error)}");
        cluster = ((delegate* unmanaged<nint, int, nint>)Of("rd_kafka_mock_cluster_new"))(client, brokers);
        if (cluster == 0) throw new InvalidOperationException("librdkafka gave no mock cluster.");
        Bootstrap = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, nint>)Of("rd_kafka_mock_cluster_bootstraps"))(cluster))!;
    }

    /// <summary>Addresses, as <c>bootstrap.servers</c> wants them.</summary>
    public string Bootstrap { get; }

    /// <summary>Makes a topic.</summary>
    public MockBroker WithTopic(string name, int partitions = 1)
    {
        var text = Marshal.StringToCoTaskMemUTF8(name);
        var failure = ((delegate* unmanaged<nint, nint, int, int, int>)Of("rd_kafka_mock_topic_create"))(cluster, text, partitions, brokers);
        Marshal.FreeCoTaskMem(text);
        return failure == 0 ? this : throw new InvalidOperationException($"The mock cluster refused topic '{name}': error {failure}.");
    }

    /// <summary>Answers the next requests of one kind with errors, in this order; 0 is a good answer.</summary>
    /// <param name="apiKey">Kind of request: 0 Produce, 1 Fetch, 3 Metadata, 8 OffsetCommit, 11 JoinGroup, 12 Heartbeat, ...</param>
    /// <param name="errors">Kafka's error codes, such as 6 (not leader), 7 (timed out), 27 (rebalance in progress); -195 cuts the connection.</param>
    public void FailNext(short apiKey, params int[] errors)
    {
        fixed (int* first = errors)
            ((delegate* unmanaged<nint, short, nuint, int*, void>)Of("rd_kafka_mock_push_request_errors_array"))(cluster, apiKey, (nuint)errors.Length, first);
    }

    /// <summary>Cuts every connection and takes no new one, until <see cref="BringUp"/>.</summary>
    public void TakeDown() => ForEach("rd_kafka_mock_broker_set_down");

    /// <summary>Takes connections again.</summary>
    public void BringUp() => ForEach("rd_kafka_mock_broker_set_up");

    /// <summary>Lets each answer wait.</summary>
    public void Delay(TimeSpan roundTrip)
    {
        for (var id = 1; id <= brokers; id++)
            ((delegate* unmanaged<nint, int, int, int>)Of("rd_kafka_mock_broker_set_rtt"))(cluster, id, (int)roundTrip.TotalMilliseconds);
    }

    /// <summary>Ends it, with everything that it held.</summary>
    public void Dispose()
    {
        ((delegate* unmanaged<nint, void>)Of("rd_kafka_mock_cluster_destroy"))(cluster);
        ((delegate* unmanaged<nint, void>)Of("rd_kafka_destroy"))(client);
    }

    private static void Set(nint config, string name, string value)
    {
        var error = stackalloc byte[256];
        var (key, text) = (Marshal.StringToCoTaskMemUTF8(name), Marshal.StringToCoTaskMemUTF8(value));
        var result = ((delegate* unmanaged<nint, nint, nint, byte*, nuint, int>)Of("rd_kafka_conf_set"))(config, key, text, error, 256);
        Marshal.FreeCoTaskMem(key);
        Marshal.FreeCoTaskMem(text);
        if (result != 0) throw new InvalidOperationException($"librdkafka does not take {name}={value}: {Marshal.PtrToStringUTF8((nint)error)}");
    }

    private void ForEach(string function)
    {
        for (var id = 1; id <= brokers; id++)
            ((delegate* unmanaged<nint, int, int>)Of(function))(cluster, id);
    }

    private static nint Of(string function) => NativeLibrary.GetExport(Library, function);
}
