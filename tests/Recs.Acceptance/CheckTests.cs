using System.Net;
using System.Text.Json;
using Recs.Acceptance.Running;
using Shouldly;
using Xunit;

namespace Recs.Acceptance;

public sealed class CheckTests
{
    [Fact]
    public async Task It_holds_after_a_movielog_was_imported_and_a_movie_of_a_slate_was_opened()
    {
        await using var recs = await RecsProgram.CreateAsync();
        var log = Path.GetTempFileName();
        await File.WriteAllLinesAsync(log, ["2023-10-25T07:20:57,1,GET /data/m/a+film+1999/1.mpg", "2023-10-25T07:21:57,1,GET /data/m/a+film+1999/2.mpg", "no line of a movielog"]);
        await recs.MustAsync("import", "--data", log, "--format", "movielog");
        File.Delete(log);
        await recs.MustAsync("import", "--data", World.Folder);
        await recs.MustAsync("train", "popularity");
        await recs.MustAsync("models", "promote", "popularity", "--reason", "test");
        await using (var service = await recs.ServeAsync("--demo", "on"))
        {
            var slate = await service.Http.GetFromJsonAsync<JsonElement>("/recommend/1?k=5");
            using var opened = await service.Http.PostAsJsonAsync(
                "/opens", new { userId = "1", movieId = slate.GetProperty("items")[0].GetProperty("movieId").GetString(), requestId = slate.GetProperty("requestId").GetString() });
            opened.StatusCode.ShouldBe(HttpStatusCode.Created);
        }
        await recs.MustAsync("check");
    }
}
