using Recs.Host.Tests.Verbs;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Demo;

public sealed class DemoVerbTests
{
    [Fact]
    public async Task a_champion_that_is_no_model_is_refused_with_the_models_there_are()
    {
        var run = await Invocation.OfAsync("demo", "--champion", "magic");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("--champion 'magic' is not a model. Models: popularity, ");
        run.Error.ShouldContain("linear-autoregression");
        run.Error.ShouldContain("blend");
    }

    [Fact]
    public async Task a_demo_on_a_data_set_of_a_few_movies_ends_well()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        var run = await recs.TryAsync("demo", "--data", recs.Data, "--port", "0", "--until-ready");
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        run.Output.ShouldContain("only 40 movies");
        run.Output.ShouldContain("everything held");
    }
}
