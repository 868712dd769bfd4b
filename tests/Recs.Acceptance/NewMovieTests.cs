using System.Net;
using System.Text.Json;
using Recs.Acceptance.Running;
using Shouldly;
using Xunit;

namespace Recs.Acceptance;

/// <summary>A movie that nobody has rated reaches people through what the catalogue says of it.</summary>
public class NewMovieTests
{
    [Fact]
    public async Task A_movie_that_came_after_the_training_is_recommended_and_the_slates_before_and_after_it_replay()
    {
        await using var recs = await RecsProgram.CreateAsync();
        await recs.MustAsync("import", "--data", World.Folder);
        await recs.MustAsync("train", "two-tower", "--set", "epochs=3", "--set", "hidden=32", "--set", "factors=32");
        await recs.MustAsync("models", "promote", "two-tower-v0.1", "--reason", "test");
        await using var service = await recs.ServeAsync("--demo", "on");
        var best = Items(await GetAsync(service, "/recommend/5?k=100"))[0];
        using var added = await service.Http.PostAsJsonAsync(
            "/movies", new { movieId = "brand-new", title = best.GetProperty("title").GetString(), year = best.GetProperty("year").GetInt32(), genres = best.GetProperty("genres") });
        added.StatusCode.ShouldBe(HttpStatusCode.Created, await added.Content.ReadAsStringAsync());
        var sequence = added.Headers.GetValues("X-Recs-Sequence").First();

        var slate = await GetAsync(service, $"/recommend/5?k=100&minSequence={sequence}&explain=true");
        Ids(slate).ShouldContain("brand-new", "its title, year and genres are those of the best");
        Items(slate).Single(i => i.GetProperty("movieId").GetString() == "brand-new").GetProperty("reasons").GetArrayLength().ShouldBeGreaterThan(0);
        Ids(await GetAsync(service, $"/recommend/5?k=100&asOf={long.Parse(sequence) - 1}")).ShouldNotContain("brand-new");

        using var rated = await service.Http.PostAsJsonAsync("/ratings", new { userId = "newcomer", movieId = "brand-new", rating = 5 });
        var newcomer = await GetAsync(service, $"/recommend/newcomer?k=10&minSequence={rated.Headers.GetValues("X-Recs-Sequence").First()}");
        newcomer.GetProperty("personalized").GetBoolean().ShouldBeTrue("all that they have seen is a movie that no model was trained with");
        Ids(newcomer).ShouldNotContain("brand-new");
        (await recs.MustAsync("replay", "--all")).Output.ShouldContain(" 0 different, 0 erased");
    }

    private static async Task<JsonElement> GetAsync(RunningService service, string path)
    {
        using var response = await service.Http.GetAsync(path);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static JsonElement[] Items(JsonElement slate) => [.. slate.GetProperty("items").EnumerateArray()];

    private static string?[] Ids(JsonElement slate) => [.. Items(slate).Select(item => item.GetProperty("movieId").GetString())];
}
