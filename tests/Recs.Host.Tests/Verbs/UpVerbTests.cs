using Recs.Host.CommandLine;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Verbs;

public sealed class UpVerbTests
{
    [Fact]
    public async Task a_service_of_which_a_part_dies_ends_with_exit_code_3_and_says_which()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        using var up = RecsProcess.Start(recs.PathOf("home"), "up", "--port", "0", "--db", recs.ConnectionString);
        await up.HearAsync("Listening on");
        await recs.AlterAsync("drop schema recs cascade");
        (await up.EndAsync()).ShouldBe(3, up.Said);
        up.Said.ShouldContain("recs: the service ended, because its LogFollower did");
    }

    [Fact]
    public async Task a_service_that_is_asked_to_stop_ends_with_exit_code_0()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        using var up = RecsProcess.Start(recs.PathOf("home"), "up", "--port", "0", "--db", recs.ConnectionString);
        await up.HearAsync("Listening on");
        up.Terminate();
        (await up.EndAsync()).ShouldBe(0, up.Said);
    }

    [Fact]
    public async Task brokers_that_are_no_addresses_are_refused_before_anything_is_started()
    {
        var run = await Invocation.OfAsync("up", "--kafka", "nonsense");
        run.ExitCode.ShouldBe(ExitCode.Usage);
        run.Error.ShouldContain("'kafka' is 'nonsense' (flag --kafka); expected host:port");
    }
}
