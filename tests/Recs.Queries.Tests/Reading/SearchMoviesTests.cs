using System.Net;
using Shouldly;
using Xunit;

namespace Recs.Queries.Tests.Reading;

public class SearchMoviesTests(ReadingService service) : IClassFixture<ReadingService>
{
    [Theory]
    [InlineData("the matrix", "matrix", "title")]
    [InlineData("Matrix", "matrix", "title")]
    [InlineData("the matirx", "matrix", "swapped letters")]
    [InlineData("matirx", "matrix", "swapped letters")]
    [InlineData("matrx", "matrix", "trigrams")]
    [InlineData("shindlers lst", "list", "trigrams")]
    [InlineData("amelie", "amelie", "title")]
    [InlineData("AMÉLIE!", "amelie", "title")]
    [InlineData("mash", "mash", "title")]
    [InlineData("schindlers", "list", "beginning")]
    [InlineData("reloaded matr", "reloaded", "words")]
    [InlineData("ночь", "night", "title")]
    [InlineData("story toy", "toy", "words")]
    public async Task A_title_is_found_however_it_is_typed(string typed, string movie, string by)
    {
        var first = (await service.GetAsync($"/movies?q={Uri.EscapeDataString(typed)}")).GetProperty("items")[0];
        first.GetProperty("movieId").GetString().ShouldBe(movie);
        first.GetProperty("matchedBy").GetString().ShouldBe(by);
    }

    [Fact]
    public async Task The_title_itself_comes_before_titles_that_begin_so_and_those_before_titles_that_hold_the_words()
        => (await service.ItemsAsync("/movies?q=toy%20s")).ShouldBe(["toy", "toy2"]);

    [Fact]
    public async Task A_title_that_begins_so_comes_before_a_more_popular_one_that_does_not()
        => (await service.ItemsAsync("/movies?q=mat")).ShouldBe(["mat", "matrix", "reloaded"]);

    [Theory]
    [InlineData("?year=1999", "matrix,toy2")]
    [InlineData("?year=1999-2001&genre=comedy", "amelie,toy2")]
    [InlineData("?q=story&genre=Western", "story")]
    [InlineData("?q=story&year=1800-1900", "")]
    [InlineData("?q=%3F%3F", "")]
    public async Task Filters_narrow_what_is_found(string query, string movies) => string.Join(',', await service.ItemsAsync("/movies" + query)).ShouldBe(movies);

    [Fact]
    public async Task Without_words_the_most_popular_come_first_and_unrated_ones_by_id()
    {
        var movies = await service.ItemsAsync("/movies?year=1960-2010");
        movies[..3].ShouldBe(["matrix", "amelie", "toy"]);
        movies[3..].ShouldBe(movies[3..].Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repetition()
    {
        var whole = await service.ItemsAsync("/movies?year=1960-2010");
        var (paged, skip) = (new List<string>(), (int?)0);
        while (skip is { } from)
        {
            var page = await service.GetAsync($"/movies?year=1960-2010&k=3&skip={from}");
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("movieId").GetString()!));
            skip = page.GetProperty("nextSkip") is { ValueKind: System.Text.Json.JsonValueKind.Number } next ? next.GetInt32() : null;
        }
        paged.ShouldBe(whole);
    }

    [Fact]
    public async Task A_movie_that_was_just_added_is_found_by_who_waits_for_it()
    {
        var sequence = await service.AddMovieAsync("brandnew", "Zwölf Brandneue Brücken", 2024, "Drama");
        var answer = await service.GetAsync($"/movies?q=zwoelf%20bruecken&minSequence={sequence}&wait=20");
        answer.GetProperty("throughSequence").GetInt64().ShouldBeGreaterThanOrEqualTo(sequence);
        (await service.ItemsAsync("/movies?q=zwolf%20brandneue")).ShouldBe(["brandnew"]);
    }

    [Theory]
    [InlineData("?q=")]
    [InlineData("?q=a%00b")]
    [InlineData("?k=0")]
    [InlineData("?skip=901")]
    [InlineData("?year=12")]
    [InlineData("?year=2001-1999")]
    [InlineData("?genre=Nonsense")]
    [InlineData("?limit=3")]
    public async Task What_is_wrong_is_400(string query) => (await service.AskAsync("/movies" + query)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task A_position_that_does_not_come_is_503_with_the_time_to_come_again()
    {
        using var response = await service.AskAsync("/movies?minSequence=1000000&wait=0");
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter.ShouldNotBeNull();
    }
}
