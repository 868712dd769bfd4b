using Recs.Host.Composition;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Composition;

public sealed class ClosingTests
{
    [Fact]
    public async Task a_part_that_fails_does_not_keep_the_others_open()
    {
        var closed = new List<string>();
        ValueTask Close(string part, bool fails = false)
        {
            closed.Add(part);
            return fails ? throw new InvalidOperationException(part) : default;
        }
        var error = await Should.ThrowAsync<InvalidOperationException>(
            async () => await Closing.AllAsync(() => Close("first", fails: true), () => Close("second"), () => Close("third", fails: true), () => Close("last")));
        error.Message.ShouldBe("first");
        closed.ShouldBe(["first", "second", "third", "last"]);
    }
}
