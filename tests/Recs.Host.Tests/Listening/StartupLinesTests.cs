using Recs.Host.Composition;
using Recs.Host.Listening;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Listening;

public sealed class StartupLinesTests
{
    private static string Said(Roles roles, bool recording = true, string? model = null, string? trouble = null)
        => string.Join('\n', new StartupLines(new("http://127.0.0.1:1/"), roles, "recs@db:5432/recs", recording, false, model, trouble, null).Lines());

    [Fact]
    public void without_a_model_it_says_how_to_get_one() => Said(Roles.All).ShouldContain("recs models promote");

    [Fact]
    public void a_model_that_answers_is_named() => Said(Roles.All, model: "ease-v0.2").ShouldContain("ease-v0.2 answers");

    [Fact]
    public void a_simulated_time_stands_out()
        => string.Join('\n', (new StartupLines(new("http://127.0.0.1:1/"), Roles.All, "recs@db:5432/recs", true, false, null, null, null) with { Clock = new(new(2015, 1, 1, 0, 0, 0, TimeSpan.Zero), 1000) }).Lines())
            .ShouldContain("SIMULATED, 2015-01-01T00:00:00Z@1000");

    [Fact]
    public void recording_that_is_off_stands_out() => Said(Roles.All, recording: false).ShouldContain("OFF");

    [Fact]
    public void a_node_without_projections_says_that_they_are_missing()
    {
        Said(Roles.Queries).ShouldContain("missing");
        Said(Roles.All).ShouldNotContain("missing");
    }

    [Fact]
    public void a_node_that_serves_no_slates_does_not_speak_of_models() => Said(Roles.Commands).ShouldNotContain("answers");

    [Fact]
    public void a_node_that_is_there_for_the_relay_alone_says_when_no_broker_is_named()
    {
        Said(Roles.Relay).ShouldContain("relay      OFF");
        Said(Roles.All).ShouldNotContain("relay      ");
    }
}
