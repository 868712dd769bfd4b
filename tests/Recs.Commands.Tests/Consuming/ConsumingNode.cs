using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Recs.Commands.Consuming;
using Recs.Contracts;
using Recs.Contracts.Topics;
using Recs.EventStore;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;
using Recs.EventStore.Schema;
using Recs.Kafka.Connecting;
using Recs.Testing;

namespace Recs.Commands.Tests.Consuming;

/// <summary>A process of the consumer group, as far as it consumes.</summary>
internal sealed class ConsumingNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private ConsumingNode(ServiceProvider services) => _services = services;

    public TopicConsumer Consumer => _services.GetRequiredService<TopicConsumer>();

    public IServiceProvider Services => _services;

    /// <summary>Lines that it logged at a warning or above.</summary>
    public IReadOnlyCollection<string> Warnings => _services.GetRequiredService<KeptWarnings>().Lines;

    /// <summary>What readiness says of it.</summary>
    public async Task<HealthReportEntry> CheckAsync() => (await _services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["kafka-consumer"];

    /// <summary>Makes the tables.</summary>
    public static async Task<TestDatabase> DatabaseAsync()
    {
        var database = await TestDatabase.CreateAsync();
        await SchemaMigrations.ApplyAsync(database.Source, new(), [typeof(EventStoreOptions).Assembly, typeof(CommandSide).Assembly]);
        return database;
    }

    public static ConsumingOptions Options(string bootstrap, params (string Name, string Value)[] properties)
    {
        var names = new TopicNames(TopicNames.DefaultPrefix);
        return new(new KafkaSettings(bootstrap, properties.ToDictionary(p => p.Name, p => p.Value)), names, names.Movielog, "recs");
    }

    /// <summary>Builds a node that does not consume yet.</summary>
    public static ConsumingNode Build(NpgsqlDataSource source, ConsumingOptions options)
    {
        var store = new EventStoreOptions();
        var types = new EventTypes().Map(EventAliases.MovieAdded, EventJson.Default.MovieAdded);
        var warnings = new KeptWarnings();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(warnings)).AddSingleton(warnings)
            .AddSingleton(source).AddSingleton(store).AddSingleton(store.Clock).AddSingleton(types)
            .AddSingleton(new EventReader(source, store, types)).AddSingleton(_ => new EventAppender(source, store))
            .AddCommandSide().AddConsuming(options);
        return new(services.BuildServiceProvider());
    }

    public static async Task<ConsumingNode> StartAsync(NpgsqlDataSource source, ConsumingOptions options)
    {
        var node = Build(source, options);
        await node.Consumer.StartAsync(CancellationToken.None);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await Consumer.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    private sealed class KeptWarnings : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = [];

        public IReadOnlyCollection<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                _lines.Enqueue(formatter(state, exception));
        }

        public void Dispose() => _lines.Clear();
    }
}

/// <summary>Asks until it is so.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> ask)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (true)
        {
            if (await ask() is { } answer and not false)
                return answer;
            patience.IsCancellationRequested.ShouldBeFalse($"In a minute it did not happen: {what}");
            await pause.WaitForNextTickAsync();
        }
    }

    public static Task HoldsAsync(string what, Func<Task<bool>> ask) => GetAsync(what, ask);

    public static Task HoldsAsync(string what, Func<bool> ask) => GetAsync(what, () => Task.FromResult(ask()));
}
