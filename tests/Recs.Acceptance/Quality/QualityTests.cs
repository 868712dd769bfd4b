using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Recs.Acceptance.Running;
using Shouldly;
using Xunit;

namespace Recs.Acceptance.Quality;

/// <summary>What the gates found, over HTTP, in real processes.</summary>
public sealed class QualityTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("recs-quality-").FullName;
    private RecsProgram _recs = null!;
    private RunningService _service = null!;

    public async Task InitializeAsync()
    {
        _recs = await RecsProgram.CreateAsync();
        await File.WriteAllTextAsync(File1, "ann,heat+1995,4,100\nbob,heat+1995,seven,100\ncid,heat+1995,9,100\ndan,he at,4,100\n");
        (await _recs.RunAsync("import", "--data", File1, "--max-reject-rate", "0.5")).ExitCode.ShouldBe(1);
        await _recs.MustAsync("import", "--data", File1, "--max-reject-rate", "0.75");
        _service = await _recs.ServeAsync("--roles", "queries");
        _service.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await _recs.MustAsync("token", "--role", "service")).Output.Trim());
    }

    private string File1 => Path.Combine(_folder, "log.csv");

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

        var corrected = Path.Combine(_folder, "corrected.jsonl");
        await File.WriteAllTextAsync(corrected, "{\"id\":1,\"raw\":\"bob,heat+1995,3,100\"}\n");
        await _recs.MustAsync("rejects", "retry", "--in", corrected);
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
        using var answer = await _service.Http.GetAsync(address);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(parameter, out _).ShouldBeTrue();
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _recs.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<JsonElement> GetAsync(string address) => await _service.Http.GetFromJsonAsync<JsonElement>(address);

    private static IEnumerable<string> Raw(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("raw").GetString()!);
}
