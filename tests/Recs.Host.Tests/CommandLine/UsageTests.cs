using Shouldly;
using Xunit;

namespace Recs.Host.Tests.CommandLine;

public sealed class UsageTests
{
    [Theory]
    [InlineData("setings", "'settings'")]
    [InlineData("chekc", "'check'")]
    public async Task an_unknown_verb_is_one_line_with_the_nearest_one(string verb, string meant)
        => await FailsWith([verb], meant);

    [Fact]
    public async Task an_unknown_option_is_one_line_with_the_nearest_one()
        => await FailsWith(["settings", "--prot", "80"], "did you mean '--port'?");

    [Fact]
    public async Task an_option_without_its_value_is_named()
        => await FailsWith(["settings", "--port"], "--port");

    [Fact]
    public async Task a_word_that_is_not_among_the_choices_is_named_with_them()
        => await FailsWith(["bench", "everything"], "'append' 'rebuild'");

    [Fact]
    public async Task a_word_in_place_of_a_number_is_named()
        => await FailsWith(["replay", "--last", "many"], "'many' for option '--last'; expected a whole number.");

    [Fact]
    public async Task a_number_below_the_least_is_told_what_the_least_is()
        => await FailsWith(["train", "ease", "--seed", "-5"], "'-5' for option '--seed'; expected a whole number from 0.");

    [Fact]
    public async Task the_help_of_a_model_lists_its_options()
    {
        (await Invocation.OfAsync("train", "--help")).Output.ShouldContain("'recs train MODEL --help' lists the options of a model.");
        var help = (await Invocation.OfAsync("train", "linear-autoregression", "--help")).Output;
        help.ShouldContain("Options of linear-autoregression (--set NAME=VALUE):");
        help.Split('\n').ShouldContain(line => line.StartsWith("  ridge ") && line.Contains("[default: 200"));
        (await Invocation.OfAsync("train", "no-such-model", "--help")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task a_database_url_that_cannot_be_read_is_one_line()
        => await FailsWith(["check", "--db", "no such thing"], "--db");

    [Fact]
    public async Task no_verb_shows_the_help_and_exits_with_2()
    {
        var run = await Invocation.OfAsync();
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("settings");
    }

    [Fact]
    public async Task help_ends_with_examples()
    {
        var run = await Invocation.OfAsync("settings", "--help");
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("  recs settings --port 9090");
    }

    [Fact]
    public async Task a_server_that_is_not_there_exits_with_3()
    {
        var run = await Invocation.OfAsync("check", "--db", "postgres://nobody@127.0.0.1:1/nothing");
        run.ExitCode.ShouldBe(3);
        run.Error.Trim().Split('\n').Length.ShouldBe(1);
    }

    [Fact]
    public async Task a_demo_mode_that_others_could_reach_is_refused()
        => await FailsWith(["up", "--demo", "on", "--bind", "0.0.0.0"], "loopback only, not on 0.0.0.0");

    [Fact]
    public async Task a_report_that_cannot_be_written_is_refused_before_the_work_is_begun()
        => await FailsWith(["check", "--json", "/no/such/folder/report.json", "--db", "postgres://nobody@127.0.0.1:1/nothing"], "--json '/no/such/folder/report.json'");

    private static async Task FailsWith(string[] args, string expected)
    {
        var run = await Invocation.OfAsync(args);
        run.ExitCode.ShouldBe(2);
        run.Error.Trim().Split('\n').Length.ShouldBe(1);
        run.Error.ShouldContain(expected);
    }
}
