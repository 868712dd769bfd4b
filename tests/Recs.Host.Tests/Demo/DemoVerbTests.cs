using Recs.Host.Tests.Verbs;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Demo;

public sealed class DemoVerbTests
{
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
