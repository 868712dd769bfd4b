using Recs.Contracts;
using Recs.Projections.Popularity;

namespace Recs.Projections.Tests.Popularity;

public sealed class PopularityWindowsTests
{
    [Fact]
    public async Task Windows_end_at_the_greatest_time_seen_whatever_the_order_of_the_log()
    {
        await using var log = await ProjectedLog.CreateAsync();
        await log.AppendAsync(
        [
            Rated("now", 5, "2020-06-30T12:30:00Z"), Rated("day", 3, "2020-06-29T13:10:00Z"), Rated("week", 4, "2020-06-24T00:00:00Z"),
            Rated("month", 2, "2020-06-01T12:59:00Z"), Rated("now", 2, "2020-06-30T12:00:00Z"), Rated("ancient", 5, "1999-01-01T00:00:00Z"),
        ]);
        await log.ProjectAsync(new PopularityProjection(), 2);

        (await MoviesAsync(log, "popular_1d")).ShouldBe(["day|1|3", "now|2|3.5"]);
        (await MoviesAsync(log, "popular_7d")).ShouldBe(["day|1|3", "now|2|3.5", "week|1|4"]);
        (await MoviesAsync(log, "popular_30d")).ShouldBe(["day|1|3", "month|1|2", "now|2|3.5", "week|1|4"]);
        (await MoviesAsync(log, "popular_all")).ShouldBe(["ancient|1|5", "day|1|3", "month|1|2", "now|2|3.5", "week|1|4"]);
        (await log.LinesAsync("select movie_id, round(score::numeric, 4) from read.popular_decayed order by score desc, movie_id"))
            .ShouldBe(["now|2.0000", "day|0.9772", "week|0.8706", "month|0.5117"]);
        (await log.LinesAsync("select day::text, ratings from read.v_ratings_per_day where ratings > 1")).ShouldBe(["2020-06-30|2"]);
    }

    [Fact]
    public async Task What_the_clock_leaves_behind_is_dropped_from_the_windows_only()
    {
        await using var log = await ProjectedLog.CreateAsync();
        await log.AppendAsync([Rated("old", 5, "2010-01-01T00:00:00Z"), Rated("new", 5, "2020-01-01T00:00:00Z")]);
        await log.ProjectAsync(new PopularityProjection(), 1);
        (await log.LinesAsync("select movie_id from read.movie_popularity_hourly union all select movie_id from read.movie_popularity_daily")).ShouldBe(["new", "new"]);
        (await log.LinesAsync("select movie_id from read.movie_popularity order by 1")).ShouldBe(["new", "old"]);
    }

    private static Fact Rated(string movie, double rating, string at)
        => new(StreamIds.User("1"), EventAliases.MovieRated, $$"""{"UserId":"1","MovieId":"{{movie}}","Rating":{{rating}},"At":"{{at}}"}""");

    private static Task<IReadOnlyList<string>> MoviesAsync(ProjectedLog log, string view)
        => log.LinesAsync($"select movie_id, events, mean_rating from read.{view} order by movie_id");
}
