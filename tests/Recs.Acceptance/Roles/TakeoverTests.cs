using System.Diagnostics;
using Recs.Acceptance.Running;
using Recs.Projections;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Recs.Acceptance.Roles;

/// <summary>Who folds the log when the one who did is gone.</summary>
public class TakeoverTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    /// <summary>How many shards the nodes of a name lead.</summary>
    private static string LedBy(string name)
        => $"select count(*) from pg_locks l join pg_stat_activity a using (pid) where l.locktype = 'advisory' and l.granted and a.datname = current_database() and a.application_name = '{name}'";

    private static int Shards => RecsProjections.All.Count;

    [Fact]
    public async Task After_kill_9_of_the_leader_a_standby_folds_on_within_ten_seconds()
    {
        await using var recs = await RecsProgram.CreateAsync();
        recs.Variables["RECS_DB"] = recs.Database.ConnectionString + ";Application Name=leader";
        await using var leader = await recs.ServeAsync("--roles", "projections");
        await Soon.HappensAsync("the leader leads", async () => await recs.SqlAsync(LedBy("leader")) >= Shards);
        recs.Variables["RECS_DB"] = recs.Database.ConnectionString + ";Application Name=standby";
        await using var standby = await recs.ServeAsync("--roles", "projections");
        var since = Stopwatch.GetTimestamp();
        await leader.KillAsync();
        await Soon.HappensAsync("the standby leads", async () => await recs.SqlAsync(LedBy("standby")) >= Shards);
        var took = Stopwatch.GetElapsedTime(since);
        output.WriteLine($"killed: every shard had another leader after {took.TotalSeconds:0.0} s");
        took.ShouldBeLessThan(Bound);
        await recs.MustAsync("import", "--data", World.Folder);
        await Soon.HappensAsync("the standby folds", async () => await recs.SqlAsync("select count(*) from read.user_history") == 300);
    }

    [Fact]
    public async Task When_the_leaders_host_vanishes_a_standby_folds_on_within_ten_seconds()
    {
        await using var room = await MachineRoom.StartAsync(
            "dotnet", Path.Combine(AppContext.BaseDirectory, "recs.dll"), "up", "--port", "0", "--roles", "projections", "--db", "Host=10.77.0.1;Username=recs;Database=postgres;Application Name=leader");
        await using var recs = await RecsProgram.CreateAsync();
        recs.Variables["RECS_DB"] = room.ConnectionString + ";Application Name=standby";
        await room.TellAsync("leader");
        await Soon.HappensAsync("the leader leads", async () => await room.SqlAsync(LedBy("leader")) >= Shards);
        await using var standby = await recs.ServeAsync("--roles", "projections");
        await room.TellAsync("cut");
        var since = Stopwatch.GetTimestamp();
        await Soon.HappensAsync("the standby leads", async () => await room.SqlAsync(LedBy("standby")) >= Shards);
        var took = Stopwatch.GetElapsedTime(since);
        output.WriteLine($"cut off: every shard had another leader after {took.TotalSeconds:0.0} s");
        took.ShouldBeLessThan(Bound);
        await recs.MustAsync("import", "--data", World.Folder);
        await Soon.HappensAsync("the standby folds", async () => await room.SqlAsync("select count(*) from read.user_history") == 300);
    }
}
