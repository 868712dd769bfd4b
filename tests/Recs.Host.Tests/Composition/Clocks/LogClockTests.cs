using Npgsql;
using Recs.EventStore;
using Recs.EventStore.Schema;
using Recs.Host.CommandLine;
using Recs.Host.Composition.Clocks;
using Recs.Testing;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Composition.Clocks;

public sealed class LogClockTests : IAsyncLifetime
{
    private static readonly SimulatedTime Time = new(new(2015, 1, 1, 0, 0, 0, TimeSpan.Zero), 1000);
    private static readonly string Schema = new EventStoreOptions().Schema;
    private TestDatabase database = null!;

    public async Task InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        await SchemaMigrations.ApplyAsync(database.Source, new EventStoreOptions(), [typeof(EventStoreOptions).Assembly]);
    }

    public Task DisposeAsync() => database.DisposeAsync().AsTask();

    private Task<LogClock> TakeAsync(SimulatedTime? time = null, bool real = false)
        => LogClock.TakeAsync(database.Source, Schema, time is null && !real ? null : new AskedClock(time), CancellationToken.None);

    [Fact]
    public async Task two_processes_live_in_one_time_to_the_moment()
    {
        await using var first = await TakeAsync(Time);
        await using var second = await TakeAsync();
        var (before, there, after) = (first.Provider.GetUtcNow(), second.Provider.GetUtcNow(), first.Provider.GetUtcNow());
        var slack = TimeSpan.FromSeconds(0.5 * Time.Speed); // what a busy machine loses between two statements
        there.ShouldBeInRange(before - slack, after + slack);
        second.Simulated.ShouldBe(Time);
    }

    [Fact]
    public async Task a_second_one_that_wants_another_time_is_told_and_may_have_it_when_the_first_is_gone()
    {
        var first = await TakeAsync(Time);
        (await Should.ThrowAsync<UsageException>(() => TakeAsync(Time with { Speed = 7 }))).Message.ShouldContain(Time.ToString());
        await first.DisposeAsync();
        await using var second = await TakeAsync(Time with { Speed = 7 });
        second.Simulated!.Speed.ShouldBe(7);
    }

    [Fact]
    public async Task a_process_in_real_time_keeps_others_from_simulating()
    {
        await using var real = await TakeAsync();
        (await Should.ThrowAsync<UsageException>(() => TakeAsync(Time))).Message.ShouldContain("in real time");
        real.Simulated.ShouldBeNull();
    }

    [Fact]
    public async Task without_a_word_the_last_time_goes_on_and_the_real_one_ends_it()
    {
        await (await TakeAsync(Time)).DisposeAsync();
        await using (var next = await TakeAsync())
            next.Simulated.ShouldBe(Time with { Speed = 1 });
        await (await TakeAsync(real: true)).DisposeAsync();
        await using var last = await TakeAsync();
        last.Simulated.ShouldBeNull();
    }

    [Fact]
    public async Task a_process_that_loses_its_connection_takes_part_again()
    {
        await using var clock = await TakeAsync(Time);
        (await HoldersAsync()).ShouldBe(1);
        await ExecuteAsync("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        do
            await pause.WaitForNextTickAsync(patience.Token);
        while (await HoldersAsync() != 1);
        clock.Trouble.ShouldBeNull();
    }

    private Task<long> HoldersAsync() => ExecuteAsync("select count(*) from pg_locks where locktype = 'advisory' and mode = 'ShareLock' and granted and database = (select oid from pg_database where datname = current_database())");

    private async Task<long> ExecuteAsync(string sql)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is long number ? number : 0;
    }
}
