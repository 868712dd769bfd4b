using System.Text.Json;
using Recs.Acceptance.Running;
using Shouldly;
using Xunit;

namespace Recs.Acceptance;

/// <summary>Nine slates, of people with a history and of one without, and a rating that came after them.</summary>
public sealed class ServedSlates : IAsyncLifetime
{
    /// <summary>For copying only.</summary>
    public RecsProgram Recs { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Recs = await RecsProgram.PreparedAsync();
        await using var service = await Recs.ServeAsync("--demo", "on");
        foreach (var user in new[] { "1", "2", "nobody-yet" })
        {
            (await service.Http.GetAsync($"/recommend/{user}?k=10")).EnsureSuccessStatusCode();
            (await service.Http.GetAsync($"/recommend/{user}?k=10&genre=Comedy&exclude=1,2")).EnsureSuccessStatusCode();
            (await service.Http.GetAsync($"/recommend/{user}?model=popularity")).EnsureSuccessStatusCode();
        }
        (await service.Http.PostAsJsonAsync("/ratings", new { userId = "nobody-yet", movieId = "1", rating = 5 })).EnsureSuccessStatusCode();
    }

    public async Task DisposeAsync() => await Recs.DisposeAsync();
}

/// <summary>Whatever somebody alters behind the program's back, a replay or a check names it.</summary>
public sealed class TamperingTests(ServedSlates served) : IClassFixture<ServedSlates>, IAsyncLifetime
{
    private RecsProgram _recs = null!;

    public async Task InitializeAsync() => _recs = await served.Recs.CopyAsync();

    public async Task DisposeAsync() => await _recs.DisposeAsync();

    [Fact]
    public async Task Untouched_slates_are_identical()
        => (await _recs.MustAsync("replay", "--all")).Output.ShouldContain("9 identical, 0 different, 0 erased");

    [Fact]
    public async Task An_altered_score_is_named()
        => await ReplayNamesAsync(
            """update recs.mt_events set data = jsonb_set(data, '{Scores,3}', '0.125') where seq_id = (select min(seq_id) from recs.mt_events where type = 'recommendation_served')""",
            "score of item 4", different: 1);

    [Fact]
    public async Task An_altered_item_is_named()
        => await ReplayNamesAsync(
            """update recs.mt_events set data = jsonb_set(data, '{Items,0}', '"1"') where seq_id = (select min(seq_id) from recs.mt_events where type = 'recommendation_served' and data->>'UserId' = 'nobody-yet' and data->'Policy'->>'Genre' = 'Comedy')""",
            "item 1 was '1'", different: 1);

    [Fact]
    public async Task An_altered_rating_of_the_past_is_named()
        => await ReplayNamesAsync(
            """update recs.mt_events set data = jsonb_set(data, '{Rating}', '0.5') where stream_id = 'user-1' and type = 'movie_rated' and version = 3""",
            "history of user '1' was altered", different: 3);

    [Fact]
    public async Task A_slate_without_its_scores_is_named()
        => await ReplayNamesAsync("update recs.mt_events set data = data - 'Scores' where seq_id = (select min(seq_id) from recs.mt_events where type = 'recommendation_served')", "lacks a property", different: 1);

    [Fact]
    public async Task A_fact_of_another_shape_is_named()
        => await ReplayNamesAsync(
            """update recs.mt_events set data = jsonb_set(data, '{Rating}', '"high"') where stream_id = 'user-1' and type = 'movie_rated' and version = 3""",
            "cannot be read", different: 3);

    [Fact]
    public async Task A_removed_fact_is_named()
        => await ReplayNamesAsync("delete from recs.mt_events where stream_id = 'user-2' and version = (select max(version) from recs.mt_events where stream_id = 'user-2')", "history of user '2'", different: 3);

    [Fact]
    public async Task An_altered_byte_of_the_model_is_named()
    {
        await using (var bytes = File.Open(ModelFile(), FileMode.Open, FileAccess.ReadWrite))
        {
            bytes.Position = bytes.Length / 2;
            var old = bytes.ReadByte();
            bytes.Position--;
            bytes.WriteByte((byte)(old ^ 1));
        }
        var ended = await _recs.RunAsync("replay", "--all");
        ended.ExitCode.ShouldBe(1, ended.Everything);
        ended.Output.ShouldContain("3 identical, 6 different, 0 erased");
        ended.Output.ShouldContain("damaged");
    }

    [Fact]
    public async Task A_lost_model_is_made_again_to_the_same_bytes_by_a_fresh_process()
    {
        _recs.Home = Directory.CreateTempSubdirectory("recs-acceptance-").FullName;
        (await _recs.RunAsync("replay", "--all")).ExitCode.ShouldBe(1);
        (await _recs.MustAsync("reproduce", "linear-autoregression-v0.1")).Output.ShouldContain("identical");
        (await _recs.MustAsync("reproduce", "popularity-v0.1")).Output.ShouldContain("identical");
        (await _recs.MustAsync("replay", "--all")).Output.ShouldContain("9 identical, 0 different, 0 erased");
    }

    [Theory]
    [InlineData("""jsonb_set(data, '{Rating}', '-99')""")]
    [InlineData("""jsonb_set(data, '{Rating}', '"5"')""")]
    [InlineData("""jsonb_set(data, '{UserId}', '"2"')""")]
    [InlineData("""data - 'MovieId'""")]
    public async Task A_fact_that_is_not_what_its_contract_says_fails_the_check(string altered)
    {
        await _recs.SqlAsync($"update recs.mt_events set data = {altered} where stream_id = 'user-1' and type = 'movie_rated' and version = 3");
        var ended = await _recs.RunAsync("check");
        ended.ExitCode.ShouldBe(1, ended.Everything);
        ended.Output.ShouldContain("BROKEN  facts-well-formed");
        ended.Output.ShouldContain("version 3 of 'user-1'");
    }

    [Fact]
    public async Task A_damaged_model_is_not_promoted()
    {
        await using (var bytes = File.OpenWrite(ModelFile()))
            bytes.SetLength(bytes.Length / 2);
        var ended = await _recs.RunAsync("models", "promote", "linear-autoregression-v0.1");
        ended.ExitCode.ShouldBe(1, ended.Everything);
        ended.Error.ShouldContain("damaged");
    }

    [Fact]
    public async Task A_read_model_that_was_altered_fails_the_check()
    {
        await _recs.MustAsync("check");
        await _recs.SqlAsync("update read.movie_popularity set events = events + 1 where movie_id = (select min(movie_id) from read.movie_popularity)");
        var ended = await _recs.RunAsync("check");
        ended.ExitCode.ShouldBe(1, ended.Everything);
        ended.Output.ShouldContain("opularity");
        await _recs.MustAsync("projections", "rebuild", "Popularity");
        await _recs.MustAsync("check");
    }

    /// <summary>The file of the model that the slates came from.</summary>
    private string ModelFile()
    {
        using var meta = JsonDocument.Parse(File.ReadAllText(Path.Combine(_recs.Home, "models", "linear-autoregression", "v0.1", "meta.json")));
        return Path.Combine(_recs.Home, "models", "content", meta.RootElement.GetProperty("ContentHash").GetString()!, "model.bin");
    }

    private async Task ReplayNamesAsync(string sql, string difference, int different)
    {
        await _recs.SqlAsync(sql);
        var ended = await _recs.RunAsync("replay", "--all");
        ended.ExitCode.ShouldBe(1, ended.Everything);
        ended.Output.ShouldContain(difference, customMessage: ended.Everything);
        ended.Output.ShouldContain($"{9 - different} identical, {different} different, 0 erased");
    }
}
