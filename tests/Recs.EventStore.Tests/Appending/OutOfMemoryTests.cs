using Recs.EventStore.Appending;
using Shouldly;

namespace Recs.EventStore.Tests.Appending;

public sealed class OutOfMemoryTests
{
    [Fact]
    public async Task Nobody_waits_for_a_writer_that_ran_out_of_memory()
    {
        var clock = new ExhaustibleClock();
        await using var store = await StoreDatabase.CreateAsync(clock);
        clock.Exhausted = true;
        var appender = new EventAppender(store.Source, store.Options, writers: 1);

        await Should.ThrowAsync<OutOfMemoryException>(() => Eventually.InTimeAsync(appender.AppendAsync(Given.To("s"))));
        await Until.Holds(async () =>
        {
            try
            {
                await Eventually.InTimeAsync(appender.AppendAsync(Given.To("s")));
                return false;
            }
            catch (OutOfMemoryException)
            {
                return false; // the writer has not yet gone
            }
            catch (ObjectDisposedException)
            {
                return true;
            }
        }, "the appender takes no more");
        await Should.ThrowAsync<OutOfMemoryException>(async () => await appender.DisposeAsync());
    }

    /// <summary>Where the writer asks for the time, memory has run out.</summary>
    private sealed class ExhaustibleClock : TimeProvider
    {
        public bool Exhausted { get; set; }
        public override DateTimeOffset GetUtcNow() => Exhausted ? throw new OutOfMemoryException() : base.GetUtcNow();
    }
}
