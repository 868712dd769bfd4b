using Npgsql;
using Recs.EventStore.Appending;
using Shouldly;

namespace Recs.EventStore.Tests.Appending;

public sealed class LostNotificationTests
{
    [Fact]
    public async Task An_appender_whose_notifications_cannot_be_sent_stores_and_ends_as_ever()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var opened = 0;
        // The first connection is the writer's, the next one would wake other processes; what keeps it from opening is no outage.
        void RefuseTheSecond(NpgsqlConnection _)
        {
            if (Interlocked.Increment(ref opened) > 1) throw new InvalidOperationException("Refused.");
        }
        var builder = new NpgsqlDataSourceBuilder(store.ConnectionString);
        builder.UsePhysicalConnectionInitializer(RefuseTheSecond, connection =>
        {
            RefuseTheSecond(connection);
            return Task.CompletedTask;
        });
        await using var source = builder.Build();
        var appender = new EventAppender(source, store.Options, writers: 1);

        for (var n = 1; n <= 3; n++) (await appender.AppendAsync(Given.To("s"))).LastSequence.ShouldBe(n);
        await Eventually.InTimeAsync(appender.DisposeAsync().AsTask());
        opened.ShouldBeGreaterThan(1);
    }
}
