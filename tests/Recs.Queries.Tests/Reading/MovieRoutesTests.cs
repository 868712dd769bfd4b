using System.Net;
using System.Text.Json;
using Recs.Contracts;
using Recs.Contracts.Users;
using Shouldly;
using Xunit;

namespace Recs.Queries.Tests.Reading;

public class MovieRoutesTests(ReadingService service) : IClassFixture<ReadingService>
{
    private static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_movie_shows_what_is_known_and_its_popularity_in_every_window()
    {
        var page = await service.GetAsync("/movies/matrix?minSequence=1");
        page.GetProperty("title").GetString().ShouldBe("Matrix, The");
        page.GetProperty("until").GetDateTimeOffset().ShouldBe(Start);
        page.GetProperty("popularity").EnumerateArray().Select(w => $"{w.GetProperty("window")} {w.GetProperty("ratings")} {w.GetProperty("meanRating")}")
            .ShouldBe(["all 2 3.5", "30d 2 3.5", "7d 1 3", "1d 0 "]);
        (await service.AskAsync(page.GetProperty("similar").GetString()!)).StatusCode.ShouldBe(HttpStatusCode.OK);
        page.GetProperty("throughSequence").GetInt64().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("/movies/nobody", HttpStatusCode.NotFound)]
    [InlineData("/movies/nobody/similar", HttpStatusCode.NotFound)]
    [InlineData("/movies/no%20id", HttpStatusCode.BadRequest)]
    [InlineData("/movies/matrix?x=1", HttpStatusCode.BadRequest)]
    [InlineData("/movies/matrix/similar?model=nonsense", HttpStatusCode.BadRequest)]
    [InlineData("/movies/matrix/similar?k=101", HttpStatusCode.BadRequest)]
    [InlineData("/popular?window=2d", HttpStatusCode.BadRequest)]
    [InlineData("/popular?genre=Nonsense", HttpStatusCode.BadRequest)]
    [InlineData("/movies/matrix?minSequence=1000000&wait=0", HttpStatusCode.ServiceUnavailable)]
    [InlineData("/popular?minSequence=1000000&wait=0", HttpStatusCode.ServiceUnavailable)]
    public async Task What_cannot_be_answered_says_so(string path, HttpStatusCode status)
    {
        using var response = await service.AskAsync(path);
        response.StatusCode.ShouldBe(status);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task Similar_movies_are_the_scores_of_a_history_of_the_one_movie()
    {
        var similar = await service.GetAsync("/movies/matrix/similar");
        similar.GetProperty("by").GetString().ShouldBe("model");
        similar.GetProperty("modelVersion").GetString().ShouldBe("neighbours-v0.1");
        similar.GetProperty("scorerVersion").GetInt32().ShouldBe(3);
        similar.GetProperty("items").EnumerateArray().Select(i => $"{i.GetProperty("movieId")} {i.GetProperty("score")}").ShouldBe(["toy 2", "amelie 1"]);
        (await service.ItemsAsync("/movies/matrix/similar?k=1&model=neighbours")).ShouldBe(["toy"]);
    }

    [Theory]
    [InlineData("reloaded", "neighbours-v0.1 does not know 'reloaded'.")]
    [InlineData("mash", "neighbours-v0.1 has no weights from 'mash' to other movies.")]
    public async Task A_movie_that_the_model_cannot_place_is_compared_by_genres_and_title_and_the_answer_says_so(string movie, string why)
    {
        var similar = await service.GetAsync($"/movies/{movie}/similar?k=2");
        similar.GetProperty("by").GetString().ShouldBe("genres-and-title");
        similar.GetProperty("fallback").GetString().ShouldBe(why);
        similar.GetProperty("modelVersion").ValueKind.ShouldBe(JsonValueKind.Null);
        if (movie == "reloaded")
            similar.GetProperty("items")[0].GetProperty("movieId").GetString().ShouldBe("matrix");
    }

    [Fact]
    public async Task Popular_windows_end_at_the_newest_event_of_the_stream()
    {
        var week = await service.GetAsync("/popular?window=7d");
        week.GetProperty("until").GetDateTimeOffset().ShouldBe(Start);
        week.GetProperty("since").GetDateTimeOffset().ShouldBe(Start.AddHours(-167));
        (await service.ItemsAsync("/popular?window=7d")).ShouldBe(["amelie", "matrix"]);
        (await service.ItemsAsync("/popular?window=1d")).ShouldBe(["amelie"]);
        (await service.ItemsAsync("/popular?window=all")).ShouldBe(["matrix", "amelie", "toy"]);
        (await service.ItemsAsync("/popular?window=all&genre=animation")).ShouldBe(["toy"]);
        (await service.ItemsAsync("/popular?window=all&k=1")).ShouldBe(["matrix"]);
    }
}

/// <summary>Reads that write, with a service of their own.</summary>
public class FreshPopularityTests(ReadingService service) : IClassFixture<ReadingService>
{
    [Fact]
    public async Task A_rating_counts_for_who_waits_for_it()
    {
        var sequence = await service.AppendAsync(StreamIds.User("8"), new MovieRated("8", "mash", 4, new DateTimeOffset(2020, 1, 2, 0, 0, 0, TimeSpan.Zero)));
        var popular = await service.GetAsync($"/popular?window=1d&minSequence={sequence}&wait=20");
        popular.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("movieId").GetString()).ShouldContain("mash");
        popular.GetProperty("throughSequence").GetInt64().ShouldBeGreaterThanOrEqualTo(sequence);
    }
}
