using Recs.Acceptance.Running;
using Xunit;

namespace Recs.Acceptance.Roles;

/// <summary>One process for each role over one database, and a second query node; nothing is prepared in any of them.</summary>
public sealed class RolesApart : IAsyncLifetime
{
    public RecsProgram Recs { get; private set; } = null!;
    public RunningService Commands { get; private set; } = null!;
    public RunningService Queries { get; private set; } = null!;
    public RunningService OtherQueries { get; set; } = null!;
    public RunningService Projections { get; private set; } = null!;
    public RunningService Training { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Recs = await RecsProgram.PreparedAsync();
        var nodes = await Task.WhenAll(Start("commands"), Start("queries"), Start("queries"), Start("projections"), Start("training"));
        (Commands, Queries, OtherQueries, Projections, Training) = (nodes[0], nodes[1], nodes[2], nodes[3], nodes[4]);
    }

    /// <summary>Starts one more node.</summary>
    public Task<RunningService> Start(string roles) => Recs.ServeAsync("--roles", roles, "--demo", "on");

    public async Task DisposeAsync()
    {
        foreach (var node in new[] { Commands, Queries, OtherQueries, Projections, Training })
            await node.DisposeAsync();
        await Recs.DisposeAsync();
    }
}
