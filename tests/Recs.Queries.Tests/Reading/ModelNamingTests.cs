using System.Net;
using Recs.Contracts;
using Recs.Contracts.Movies;
using Shouldly;
using Xunit;

namespace Recs.Queries.Tests.Reading;

/// <summary>What a request gets that names a model.</summary>
public class ModelNamingTests(ReadingService service) : IClassFixture<ReadingService>
{
    [Theory]
    [InlineData("/movies/matrix/similar", "shelved")]
    [InlineData("/recommend/2", "aside")]
    public async Task A_version_that_nobody_uses_is_opened_for_a_service_alone(string path, string model)
    {
        await service.TrainAsync(model, promote: false);
        await service.TrainAsync(model, promote: false, number: 2);
        var reached = await service.AddMovieAsync("after-" + model, "t", null, "Drama");
        (await service.AskAsync($"/movies/toy?minSequence={reached}&wait=30")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var refused = await service.AskAsync($"{path}?model={model}-v0.1");
        (refused.StatusCode, (await refused.Content.ReadAsStringAsync()).Contains("service", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Forbidden, true));
        (await service.AskAsync($"{path}?model={model}-v0.2")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_past_is_told_though_the_registry_holds_an_event_that_cannot_be_read()
    {
        await service.AppendRawAsync(StreamIds.Model("neighbours"), EventAliases.ModelTrained, """{"Model":"neighbours","Version":7}""");
        var reached = await service.AppendAsync(StreamIds.Movie("past"), new MovieAdded("past", "t", null, ["Drama"]));
        var answer = await service.GetAsync($"/recommend/2?asOf={reached}&wait=30", "import;service");
        answer.GetProperty("modelVersion").GetString().ShouldBe("neighbours-v0.1");
    }
}
