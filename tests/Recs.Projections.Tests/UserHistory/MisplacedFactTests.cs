using System.Text;
using Recs.Contracts;
using Recs.Projections.UserHistory;

namespace Recs.Projections.Tests.UserHistory;

public sealed class MisplacedFactTests
{
    [Fact]
    public async Task A_fact_about_a_person_in_another_stream_ends_a_rebuild_by_the_name_of_its_event()
    {
        await using var log = await ProjectedLog.CreateAsync();
        await log.AppendAsync([new("movie-7", EventAliases.MovieRated, Encoding.UTF8.GetString(Facts.Rated(1).Data.Span))]);

        (await Should.ThrowAsync<InvalidDataException>(() => log.Rebuild.RebuildAsync(new UserHistoryProjection())))
            .Message.ShouldContain($"Event 1 of stream 'movie-7', type '{EventAliases.MovieRated}', cannot be folded: A fact about a person stands in stream 'movie-7'");
    }
}
