using Npgsql;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Composition;

public sealed class DatabaseUrlTests
{
    [Fact]
    public void a_url_is_read_with_escapes_and_options()
    {
        var read = new NpgsqlConnectionStringBuilder(DatabaseUrl.ToConnectionString("postgres://ann:p%40ss@db.example:6543/my%20db?sslmode=verify-full"));
        (read.Host, read.Port, read.Username, read.Password, read.Database, read.SslMode)
            .ShouldBe(("db.example", 6543, "ann", "p@ss", "my db", SslMode.VerifyFull));
    }

    [Fact]
    public void a_value_keeps_its_hyphens_and_names_of_libpq_are_understood()
    {
        var read = new NpgsqlConnectionStringBuilder(DatabaseUrl.ToConnectionString("postgres://db/x?application_name=my-app&sslrootcert=/etc/my-ca.pem&options=-c%20work_mem=64MB"));
        (read.ApplicationName, read.RootCertificate, read.Options).ShouldBe(("my-app", "/etc/my-ca.pem", "-c work_mem=64MB"));
    }

    [Fact]
    public void a_connection_string_passes() => new NpgsqlConnectionStringBuilder(DatabaseUrl.ToConnectionString("Host=db;Port=1")).Port.ShouldBe(1);

    [Theory]
    [InlineData("nonsense")]
    [InlineData("postgres://[")]
    [InlineData("postgres://db/x?no-such-option=1")]
    public void anything_else_is_refused(string value) => Should.Throw<UsageException>(() => DatabaseUrl.ToConnectionString(value));
}
