using System.Text;
using Recs.EventStore.Evolving;
using Recs.EventStore.Following;
using Shouldly;

namespace Recs.EventStore.Tests.Following;

public sealed class LogSubscriptionTests
{
    [Fact]
    public async Task It_brings_the_wanted_events_in_order_and_then_waits_for_more()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var writer = await ForeignWriter.OpenAsync(store);
        for (var i = 0; i < 7; i++) await writer.AppendAsync(type: i % 2 == 0 ? "even" : "odd");
        await using var mark = new HighWaterMark(store.Source, store.Options);
        await mark.StartAsync();
        var pages = new LogSubscription(store.Source, store.Options, new EventTypes(), mark).FollowAsync(0, ["even"], pageSize: 3).GetAsyncEnumerator();

        (await PageAsync(pages)).ShouldBe(("1 3 5", 5));
        (await PageAsync(pages)).ShouldBe(("7", 7));
        var next = PageAsync(pages);
        next.IsCompleted.ShouldBeFalse();
        await writer.AppendAsync(type: "even");
        (await Eventually.InTimeAsync(next)).ShouldBe(("8", 8));
    }

    [Fact]
    public async Task It_never_reads_past_the_high_water_mark()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var slow = await ForeignWriter.OpenAsync(store);
        await using var fast = await ForeignWriter.OpenAsync(store);
        await fast.AppendAsync();
        await slow.RunAsync("begin");
        var held = await slow.DrawAsync();
        await fast.AppendAsync();
        await using var mark = new HighWaterMark(store.Source, store.Options);
        await mark.StartAsync();
        var pages = new LogSubscription(store.Source, store.Options, new EventTypes(), mark).FollowAsync(0).GetAsyncEnumerator();

        (await PageAsync(pages)).ShouldBe(("1", 1));
        var next = PageAsync(pages);
        await slow.InsertAsync(held, "slow");
        await slow.RunAsync("commit");
        (await Eventually.InTimeAsync(next)).ShouldBe(("2 3", 3));
    }

    [Fact]
    public async Task Older_shapes_come_upcast_and_under_their_new_name()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var writer = await ForeignWriter.OpenAsync(store);
        await writer.AppendAsync(type: "thing_happened_v1", data: """{"Old":1}""");
        await using var mark = new HighWaterMark(store.Source, store.Options);
        await mark.StartAsync();
        var types = new EventTypes().Upcast("thing_happened_v1", "thing_happened", _ => """{"New":1}"""u8.ToArray());
        await foreach (var page in new LogSubscription(store.Source, store.Options, types, mark).FollowAsync(0, ["thing_happened"]))
        {
            var e = page.Events.ShouldHaveSingleItem();
            (e.Type, Encoding.UTF8.GetString(e.Data.Span)).ShouldBe(("thing_happened", """{"New":1}"""));
            break;
        }
    }

    private static async Task<(string Sequences, long Through)> PageAsync(IAsyncEnumerator<LogPage> pages)
    {
        (await pages.MoveNextAsync()).ShouldBeTrue();
        return (string.Join(' ', pages.Current.Events.Select(e => e.Sequence)), pages.Current.Through);
    }
}
