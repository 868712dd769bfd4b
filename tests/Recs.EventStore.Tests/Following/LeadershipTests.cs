using Npgsql;
using Recs.EventStore.Following;
using Shouldly;

namespace Recs.EventStore.Tests.Following;

public sealed class LeadershipTests
{
    private const string Locks = "from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())";

    [Fact]
    public async Task One_of_two_leads_and_the_other_takes_over_when_its_session_is_gone()
    {
        await using var store = await StoreDatabase.CreateAsync();
        using var stop = new CancellationTokenSource();
        var (first, second) = (new Work(), new Work());
        var running = new List<Task> { new Leadership(store.Source, "work").RunAsync(first, stop.Token) };
        await Eventually.TrueAsync(() => first.Led == 1, "the first leads");
        running.Add(new Leadership(store.Source, "work").RunAsync(second, stop.Token));
        await Eventually.TrueAsync(() => second.StoodBy > 0, "the second stands by");
        second.Led.ShouldBe(0);

        await store.ExecuteAsync($"select pg_terminate_backend(pid) {Locks}");
        await Eventually.TrueAsync(() => second.Led == 1 || first.Led == 2, "one of them leads again");
        await Eventually.TrueAsync(() => first.Reasons.Count > 0, "the first knows that it lost the lead");
        first.Reasons[0].ShouldContain("The database is away");
        await stop.CancelAsync();
        await Eventually.InTimeAsync(Task.WhenAll(running));
        (await store.ScalarAsync<long>($"select count(*) {Locks}")).ShouldBe(0);
    }

    [Fact]
    public async Task A_leader_that_was_fenced_starts_over()
    {
        await using var store = await StoreDatabase.CreateAsync();
        using var stop = new CancellationTokenSource();
        var work = new Work { Fenced = true };
        var running = new Leadership(store.Source, "work").RunAsync(work, stop.Token);
        await Eventually.TrueAsync(() => work.Led == 2, "it leads again");
        work.Reasons.ShouldBe(["moved"]);
        await stop.CancelAsync();
        await Eventually.InTimeAsync(running);
    }

    [Fact]
    public async Task A_mistake_ends_it_and_gives_the_lead_back()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var mistaken = new Leadership(store.Source, "work").RunAsync(new Work { Mistaken = true }, CancellationToken.None);
        await Should.ThrowAsync<NotSupportedException>(Eventually.InTimeAsync(mistaken));
        (await store.ScalarAsync<long>($"select count(*) {Locks}")).ShouldBe(0);
    }

    /// <summary>Asks the server over and over that it leads.</summary>
    private sealed class Work : ILedWork
    {
        private int led;
        private int stoodBy;

        public bool Fenced { get; init; }
        public bool Mistaken { get; init; }
        public int Led => Volatile.Read(ref led);
        public int StoodBy => Volatile.Read(ref stoodBy);
        public List<string> Reasons { get; } = [];

        public Task StandByAsync(NpgsqlConnection connection, CancellationToken cancel)
        {
            Interlocked.Increment(ref stoodBy);
            return Task.CompletedTask;
        }

        public async Task LeadAsync(NpgsqlConnection connection, CancellationToken cancel)
        {
            if (Interlocked.Increment(ref led) == 1 && Fenced) throw new FencedException("moved");
            if (Mistaken) throw new NotSupportedException();
            while (true)
            {
                await using var command = new NpgsqlCommand("select pg_sleep(0.01)", connection);
                await command.ExecuteNonQueryAsync(cancel);
            }
        }

        public void Lost(string why) => Reasons.Add(why);
    }
}
