using Npgsql;
using Recs.Host.Composition;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Composition;

public sealed class DeadPeersTests
{
    [Theory]
    [InlineData("Host=db", "-c tcp_keepalives_idle=2 ")]
    [InlineData("Host=db;Options=-c work_mem=64MB", "-c work_mem=64MB -c tcp_keepalives_idle=2 ")]
    [InlineData("Host=db;Options=-c tcp_keepalives_idle=60", "-c tcp_keepalives_idle=60")]
    public void the_server_is_asked_to_notice_unless_the_caller_asked_already(string given, string options)
        => new NpgsqlConnectionStringBuilder(DeadPeers.Noticed(given)).Options.ShouldNotBeNull().ShouldStartWith(options);

    [Fact]
    public void what_people_are_shown_holds_no_password()
        => DatabaseUrl.Describe("Host=db;Port=6543;Username=ann;Password=secret;Database=movies").ShouldBe("ann@db:6543/movies");
}
