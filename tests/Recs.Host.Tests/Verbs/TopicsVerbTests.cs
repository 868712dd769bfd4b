using Recs.Host.CommandLine;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Verbs;

public sealed class TopicsVerbTests
{
    [Fact]
    public async Task a_broker_that_does_not_answer_is_one_line_and_exit_3_after_the_time()
    {
        var run = await Invocation.OfAsync("topics", "create", "--kafka", "127.0.0.1:1", "--timeout", "0.5");
        run.ExitCode.ShouldBe(ExitCode.Unavailable);
        run.Error.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain("127.0.0.1:1");
    }

    [Theory]
    [InlineData("no broker is named", "create")]
    [InlineData("--partitions is a whole number from 1 to 10000, not 0", "create", "--kafka", "127.0.0.1:1", "--partitions", "0")]
    [InlineData("--retention-hours is a whole number", "create", "--kafka", "127.0.0.1:1", "--retention-hours", "-1")]
    [InlineData("--timeout is a number of seconds", "list", "--kafka", "127.0.0.1:1", "--timeout", "0")]
    public async Task what_it_cannot_do_is_said_before_anything_is_asked(string said, params string[] arguments)
    {
        var run = await Invocation.OfAsync(["topics", .. arguments]);
        run.ExitCode.ShouldBe(ExitCode.Usage);
        run.Error.ShouldContain(said);
    }
}
