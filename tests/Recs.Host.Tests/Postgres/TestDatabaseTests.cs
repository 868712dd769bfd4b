using Recs.Testing;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Postgres;

public sealed class TestDatabaseTests
{
    [Fact]
    public async Task a_test_gets_a_database_of_its_own()
    {
        await using var first = await TestDatabase.CreateAsync();
        await using var second = await TestDatabase.CreateAsync();
        await using var command = first.Source.CreateCommand("select current_database()");
        (await command.ExecuteScalarAsync()).ShouldBe(first.Name);
        first.Name.ShouldNotBe(second.Name);
    }
}
