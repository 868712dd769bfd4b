using System.Security.Claims;
using Recs.Contracts.Callers;
using Shouldly;
using Xunit;

namespace Recs.Contracts.Tests.Callers;

public sealed class CallerTests
{
    [Theory]
    [InlineData("ann", "user", "ann", true)]
    [InlineData("ann", "user", "ben", false)]
    [InlineData("ann", "user", "Ann", false)]
    [InlineData("program", "service", "ann", true)]
    [InlineData("operator", "admin", "ann", true)]
    [InlineData("ann", "", "ann", false)]
    public void a_user_acts_for_itself_a_service_or_an_admin_for_anybody(string subject, string role, string userId, bool may)
        => Caller.Of(subject, role.Length == 0 ? [] : [role]).MayActFor(userId).ShouldBe(may);

    [Fact]
    public void an_anonymous_caller_is_not_known_and_acts_for_nobody()
    {
        var nobody = new ClaimsPrincipal(new ClaimsIdentity());
        nobody.IsKnown().ShouldBeFalse();
        nobody.Subject().ShouldBeNull();
        nobody.MayActFor("").ShouldBeFalse();
        Caller.Of("ann").IsKnown().ShouldBeTrue();
    }
}
