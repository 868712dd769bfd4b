using System.Net;
using System.Text.Json;
using Recs.Contracts;
using Recs.Contracts.Users;
using Shouldly;
using Xunit;

namespace Recs.Queries.Tests.Reading;

public class PeopleRoutesTests(ReadingService service) : IClassFixture<ReadingService>
{
    private const string Service = "console;service";
    private static readonly DateTimeOffset Noon = new(2019, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private static string Text(JsonElement item, string property) => item.GetProperty(property).ToString();

    [Theory]
    [InlineData("/users/7/history")]
    [InlineData("/users/7/taste")]
    [InlineData("/users/7/slates")]
    public async Task A_person_sees_their_own_and_a_service_sees_all(string path)
    {
        (await service.AskAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await service.AskAsync(path, "8;user")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var own = await service.AskAsync(path, "7;user");
        own.StatusCode.ShouldBe(HttpStatusCode.OK);
        own.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await service.AskAsync(path, Service)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await service.AskAsync(path + "?x=1", Service)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await service.AskAsync(path + "?minSequence=1000000&wait=0", Service)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await service.AskAsync(path.Replace("7", "no%20id", StringComparison.Ordinal), Service)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_list_of_people_is_for_services()
    {
        (await service.AskAsync("/users")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await service.AskAsync("/users", "7;user")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await service.AskAsync("/users?k=0", Service)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await service.AskAsync("/users?minSequence=1000000&wait=0", Service)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task People_are_found_by_the_beginning_of_their_id_or_by_one_that_is_alike_but_not_once_they_are_erased()
    {
        var last = 0L;
        foreach (var user in new[] { "margarethe-2", "margarethe-1", "margarethe-3" })
            last = await service.AppendAsync(StreamIds.User(user), new MovieRated(user, "toy", 3, Noon.AddYears(-5)));
        last = await service.AppendAsync(StreamIds.User("margarethe-3"), new UserErased("margarethe-3", Noon, "asked"));
        (await service.ItemsAsync($"/users?q=marga&minSequence={last}&wait=20", "userId", Service)).ShouldBe(["margarethe-1", "margarethe-2"]);
        (await service.ItemsAsync("/users?q=margaret-2", "userId", Service)).ShouldBe(["margarethe-2", "margarethe-1"]);
        (await service.ItemsAsync("/users?q=margarethe-1", "userId", Service)).ShouldBe(["margarethe-1"]);
        (await service.ItemsAsync("/users?q=marga&k=1&skip=1", "userId", Service)).ShouldBe(["margarethe-2"]);
        (await service.ItemsAsync("/users?q=zzz", "userId", Service)).ShouldBeEmpty();
        var everybody = await service.ItemsAsync("/users?k=100", "userId", Service);
        everybody.ShouldBe(everybody.Order(StringComparer.Ordinal));
        everybody.ShouldContain("margarethe-1");
    }

    [Fact]
    public async Task A_history_is_newest_first_in_pages_and_by_kind()
    {
        var last = await service.AppendAsync(
            StreamIds.User("historian"), new MovieRated("historian", "toy", 4.5, Noon), new MovieWatched("historian", "matrix", 10, Noon.AddMinutes(10)),
            new MovieWatched("historian", "matrix", 11, Noon.AddMinutes(11)), new MovieOpened("historian", "unheard", null, Noon.AddHours(1)));
        var page = await service.GetAsync($"/users/historian/history?k=2&minSequence={last}&wait=20", "historian;user");
        page.GetProperty("items").EnumerateArray().Select(i => $"{Text(i, "kind")} {Text(i, "title")} {Text(i, "minute")} {Text(i, "minutes")}")
            .ShouldBe(["opened unheard  ", "watched Matrix, The 11 2"]);
        page.GetProperty("version").GetInt64().ShouldBe(4);
        page.GetProperty("throughSequence").GetInt64().ShouldBeGreaterThanOrEqualTo(last);
        var next = await service.GetAsync($"/users/historian/history?k=2&before={page.GetProperty("nextBefore")}", "historian;user");
        next.GetProperty("items").EnumerateArray().Select(i => $"{Text(i, "kind")} {Text(i, "title")} {Text(i, "rating")}").ShouldBe(["rated Toy Story 4.5"]);
        next.GetProperty("nextBefore").ValueKind.ShouldBe(JsonValueKind.Null);
        (await service.ItemsAsync("/users/historian/history?kind=rated", "kind", Service)).ShouldBe(["rated"]);
        (await service.AskAsync("/users/historian/history?kind=Rated", Service)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Somebody_of_whom_nothing_is_known_has_an_empty_history()
        => (await service.GetAsync("/users/stranger/history", Service)).GetProperty("version").GetInt64().ShouldBe(0);

    [Fact]
    public async Task Taste_sets_a_person_beside_everybody()
    {
        var last = await service.AppendAsync(
            StreamIds.User("taster"), new MovieRated("taster", "toy", 5, Noon), new MovieRated("taster", "matrix", 2, Noon.AddDays(1)), new MovieWatched("taster", "toy", 3, Noon.AddDays(1)));
        var taste = await service.GetAsync($"/users/taster/taste?minSequence={last}&wait=20", "taster;user");
        var comedy = taste.GetProperty("genres").EnumerateArray().Single(g => Text(g, "name") == "Comedy");
        comedy.GetProperty("ratingShare").GetDouble().ShouldBe(0.5);
        comedy.GetProperty("meanRating").GetDouble().ShouldBe(5);
        comedy.GetProperty("minuteShare").GetDouble().ShouldBe(1);
        comedy.GetProperty("populationRatingShare").GetDouble().ShouldBeInRange(0.01, 0.99);
        comedy.GetProperty("lift").GetDouble().ShouldBe(0.5 / comedy.GetProperty("populationRatingShare").GetDouble(), 1e-12);
        taste.GetProperty("decades").EnumerateArray().Select(d => Text(d, "name")).ShouldBe(["1990"]);
        var activity = taste.GetProperty("activity");
        (activity.GetProperty("ratings").GetInt32(), activity.GetProperty("activeDays").GetInt32(), activity.GetProperty("movies").GetInt32()).ShouldBe((2, 2, 2));
        foreach (var figure in new[] { "lift", "ratingShare", "populationMeanRating" })
            taste.GetProperty("explained").TryGetProperty(figure, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Slates_are_newest_first_with_what_became_of_each_movie()
    {
        await service.ServeAsync("audience", Noon, "toy", "matrix", "amelie");
        await service.ServeAsync("audience", Noon.AddDays(1), "mash");
        var last = await service.AppendAsync(
            StreamIds.User("audience"), new MovieRated("audience", "amelie", 1, Noon.AddHours(-1)), new MovieOpened("audience", "toy", null, Noon.AddMinutes(1)),
            new MovieWatched("audience", "toy", 0, Noon.AddMinutes(2)), new MovieRated("audience", "toy", 4, Noon.AddHours(3)));
        var page = await service.GetAsync($"/users/audience/slates?k=1&minSequence={last}&wait=20", "audience;user");
        page.GetProperty("items").EnumerateArray().Single().GetProperty("items")[0].GetProperty("movieId").GetString().ShouldBe("mash");
        var older = await service.GetAsync($"/users/audience/slates?k=1&before={page.GetProperty("nextBefore")}", "audience;user");
        older.GetProperty("nextBefore").ValueKind.ShouldBe(JsonValueKind.Null);
        var slate = older.GetProperty("items")[0];
        (Text(slate, "modelVersion"), Text(slate, "channel")).ShouldBe(("neighbours-v0.1", "live"));
        var items = slate.GetProperty("items").EnumerateArray().ToList();
        var toy = items[0].GetProperty("outcome");
        (Text(toy, "watchedMinutes"), Text(toy, "rating")).ShouldBe(("1", "4"));
        toy.GetProperty("openedAt").GetDateTimeOffset().ShouldBe(Noon.AddMinutes(1));
        items[1].GetProperty("outcome").ValueKind.ShouldBe(JsonValueKind.Null);
        items[2].GetProperty("outcome").ValueKind.ShouldBe(JsonValueKind.Null); // rated before it was served
    }
}
