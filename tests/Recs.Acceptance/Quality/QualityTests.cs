using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Recs.Acceptance.Running;
using Shouldly;
using Xunit;

namespace Recs.Acceptance.Quality;

/// <summary>A service whose log holds a refused and an accepted batch, asked by another program.</summary>
public sealed class JudgedBatches : IAsyncLifetime
{
    public RecsProgram Recs { get; private set; } = null!;
    public RunningService Service { get; private set; } = null!;
    public string Folder { get; } = Directory.CreateTempSubdirectory("recs-quality-").FullName;

    public async Task InitializeAsync()
    {
        Recs = await RecsProgram.PreparedAsync("popularity");
        var file = Path.Combine(Folder, "log.csv");
        await File.WriteAllTextAsync(file, "ann,heat+1995,4,100\nbob,heat+1995,seven,100\ncid,heat+1995,9,100\ndan,he at,4,100\n");
        (await Recs.RunAsync("import", "--data", file, "--max-reject-rate", "0.5")).ExitCode.ShouldBe(1);
        await Recs.MustAsync("import", "--data", file, "--max-reject-rate", "0.75");
        Service = await Recs.ServeAsync("--roles", "queries");
        Service.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await Recs.MustAsync("token", "--role", "service")).Output.Trim());
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await Recs.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>What the gates found, over HTTP, in real processes.</summary>
public sealed class QualityTests(JudgedBatches judged) : IClassFixture<JudgedBatches>
{
    [Fact]
    public async Task Verdicts_and_rejects_are_paged_newest_first_and_what_a_retry_stored_has_left_the_list()
    {
        var verdicts = (await GetAsync("/quality?source=log.csv")).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("batch")).ToList();
        verdicts.Select(v => v.GetProperty("accepted").GetBoolean()).ShouldBe([true, false]);
        verdicts.ShouldAllBe(v => v.GetProperty("checks").EnumerateArray().Count(c => !c.GetProperty("held").GetBoolean()) >= 2);
        var newest = await GetAsync("/quality?k=1");
        (await GetAsync($"/quality?k=1&before={newest.GetProperty("nextBefore").GetInt64()}")).GetProperty("items")[0].GetProperty("batch").GetProperty("accepted").GetBoolean().ShouldBeFalse();

        var first = await GetAsync("/rejects?k=2");
        first.GetProperty("reasons").GetProperty("bad-rating").GetInt64().ShouldBe(2);
        Raw(first).ShouldBe(["dan,he at,4,100", "cid,heat+1995,9,100"]);
        Raw(await GetAsync($"/rejects?k=2&before={first.GetProperty("nextBefore").GetInt64()}")).ShouldBe(["bob,heat+1995,seven,100"]);
        Raw(await GetAsync("/rejects?reason=bad-movie-id&source=log.csv")).ShouldBe(["dan,he at,4,100"]);

        var corrected = Path.Combine(judged.Folder, "corrected.jsonl");
        await File.WriteAllTextAsync(corrected, "{\"id\":1,\"raw\":\"bob,heat+1995,3,100\"}\n");
        await judged.Recs.MustAsync("rejects", "retry", "--in", corrected);
        Raw(await GetAsync("/rejects")).ShouldBe(["dan,he at,4,100", "cid,heat+1995,9,100"]);
        (await GetAsync("/rejects?state=stored")).GetProperty("items")[0].GetProperty("storedSequence").GetInt64().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("/quality?k=0", "k")]
    [InlineData("/quality?before=x", "before")]
    [InlineData("/rejects?k=501", "k")]
    [InlineData("/rejects?state=gone", "state")]
    [InlineData("/rejects?page=2", "page")]
    public async Task What_cannot_be_asked_names_the_parameter(string address, string parameter)
    {
        using var answer = await judged.Service.Http.GetAsync(address);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(parameter, out _).ShouldBeTrue();
    }

    private async Task<JsonElement> GetAsync(string address) => await judged.Service.Http.GetFromJsonAsync<JsonElement>(address);

    private static IEnumerable<string> Raw(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("raw").GetString()!);
}
