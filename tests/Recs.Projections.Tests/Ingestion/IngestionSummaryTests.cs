using Recs.Contracts;
using Recs.Projections.Ingestion;

namespace Recs.Projections.Tests.Ingestion;

public sealed class IngestionSummaryTests
{
    [Theory]
    [InlineData("import:ml-1m:0123abcd", "ml-1m")]
    [InlineData("import:with:colons:0123abcd", "with:colons")]
    [InlineData("import:", "live")]
    [InlineData("0190b2b0-0000-7000-8000-000000000000", "live")]
    [InlineData(null, "live")]
    public async Task The_source_is_the_name_in_the_imports_correlation_id(string? correlation, string source)
    {
        await using var log = await ProjectedLog.CreateAsync();
        await log.AppendAsync(
        [
            new(StreamIds.User("1"), EventAliases.UserRegistered, """{"UserId":"1"}""", correlation),
            new(StreamIds.User("1"), EventAliases.MovieRated, """{"UserId":"1","MovieId":"2","Rating":3,"At":"2020-01-02T00:00:00Z"}""", correlation),
        ]);
        await log.ProjectAsync(new IngestionSummaryProjection(), 1);
        (await log.LinesAsync("select source, type, events, first_at is null, first_sequence, last_sequence from read.ingestion order by first_sequence"))
            .ShouldBe([$"{source}|user_registered|1|True|1|1", $"{source}|movie_rated|1|False|2|2"]);
        (await log.LinesAsync("select source, events from read.v_ingestion")).ShouldBe([$"{source}|2"]);
    }
}
