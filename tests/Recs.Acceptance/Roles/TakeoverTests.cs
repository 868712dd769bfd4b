using System.Diagnostics;
using Recs.Acceptance.Running;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Recs.Acceptance.Roles;

/// <summary>Who folds the log when the one who did is gone.</summary>
public class TakeoverTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);
    private const string Leading = "select count(*) from pg_locks l join pg_stat_activity a using (pid) where l.locktype = 'advisory' and l.granted and a.datname = current_database() and ";

    [Fact]
    public async Task After_kill_9_of_the_leader_a_standby_folds_on_within_ten_seconds()
    {
        await using var recs = await RecsProgram.CreateAsync();
        await using var leader = await recs.ServeAsync("--roles", "projections");
        var shards = await Soon.HappensAsync("the leader leads", async () => await LeadingAsync() is > 0 and var held ? $"{held}" : null);
        await using var standby = await recs.ServeAsync("--roles", "projections");
        var since = Stopwatch.GetTimestamp();
        await leader.KillAsync();
        await recs.MustAsync("import", "--data", World.Folder);
        await Soon.HappensAsync("the standby folds", async () => $"{await LeadingAsync()}" == shards && await recs.SqlAsync("select count(*) from read.user_history") == 300);
        var took = Stopwatch.GetElapsedTime(since);
        output.WriteLine($"killed: an import and its read models were done {took.TotalSeconds:0.0} s after the kill");
        took.ShouldBeLessThan(Bound);

        Task<long> LeadingAsync() => recs.SqlAsync(Leading + "true");
    }

    [Fact]
    public async Task When_the_leaders_host_vanishes_a_standby_folds_on_within_ten_seconds()
    {
        await using var room = await MachineRoom.StartAsync(
            "dotnet", Path.Combine(AppContext.BaseDirectory, "recs.dll"), "up", "--port", "0", "--roles", "projections", "--db", "Host=10.77.0.1;Username=recs;Database=postgres");
        await using var recs = await RecsProgram.CreateAsync();
        recs.Variables["RECS_DB"] = room.ConnectionString;
        await room.TellAsync("leader");
        var shards = await Soon.HappensAsync("the leader leads", async () => await room.SqlAsync(Leading + "client_addr is not null") is > 0 and var held && room.LeaderSaid.Contains("Listening") ? $"{held}" : null);
        await using var standby = await recs.ServeAsync("--roles", "projections");
        (await room.SqlAsync(Leading + "client_addr is null")).ShouldBe(0);
        await room.TellAsync("cut");
        var since = Stopwatch.GetTimestamp();
        await Soon.HappensAsync("the standby leads", async () => $"{await room.SqlAsync(Leading + "client_addr is null")}" == shards);
        var took = Stopwatch.GetElapsedTime(since);
        output.WriteLine($"cut off: every shard had another leader after {took.TotalSeconds:0.0} s");
        took.ShouldBeLessThan(Bound);
        await recs.MustAsync("import", "--data", World.Folder);
        await Soon.HappensAsync("the standby folds", async () => await room.SqlAsync("select count(*) from read.user_history") == 300);
    }
}
