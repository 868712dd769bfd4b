using Recs.Host.Securing.Limits;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Securing;

public sealed class BudgetTests
{
    [Fact]
    public void callers_do_not_take_from_each_other()
    {
        var budget = new Budget<string>(1, 10);
        budget.Take("a", 0).ShouldBe(0);
        budget.Take("a", 0).ShouldBe(60);
        budget.Take("b", 0).ShouldBe(0);
    }

    [Fact]
    public void callers_beyond_those_that_are_remembered_share_one_bucket()
    {
        var budget = new Budget<int>(2, 3);
        foreach (var caller in Enumerable.Range(0, 5))
            budget.Take(caller, 0).ShouldBe(0);
        budget.Count.ShouldBe(3);
        budget.Take(5, 0).ShouldBe(30);
        budget.Take(0, 0).ShouldBe(0);
    }

    [Fact]
    public void a_caller_whose_bucket_is_full_again_makes_room()
    {
        var budget = new Budget<int>(60, 2);
        budget.Take(1, 0);
        budget.Take(2, 1);
        budget.Take(3, 1.5).ShouldBe(0);
        budget.Count.ShouldBe(2);
        budget.Take(3, 1.5).ShouldBe(0);
    }

    [Fact]
    public void zero_a_minute_is_any_number()
        => Enumerable.Range(0, 1000).ShouldAllBe(i => new Budget<int>(0, 1).Take(1, i * 0.001) == 0);
}
