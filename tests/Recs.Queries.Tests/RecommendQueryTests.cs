using Recs.Queries.Serving;
using Recs.Training.Reranking;
using Shouldly;
using Xunit;

namespace Recs.Queries.Tests;

public class RecommendQueryTests
{
    private static RecommendQuery? Parse(string query, out Dictionary<string, string[]> errors, string userId = "1", string? accept = null)
    {
        var http = new DefaultHttpContext();
        http.Request.QueryString = new QueryString(query);
        if (accept is not null)
            http.Request.Headers.Accept = accept;
        return RecommendQuery.Parse(http.Request, userId, out errors);
    }

    [Fact]
    public void Nothing_asked_means_twenty_movies_of_the_champion_as_json()
    {
        var query = Parse("", out _)!;
        (query.K, query.Model, query.Genre, query.MinSequence, query.PlainText).ShouldBe((20, null, null, 0, false));
        query.Exclude.ShouldBeEmpty();
        (query.Diversity, query.Rerank, query.Explain, query.AsOf, query.HappenedBefore, query.IsPersonal).ShouldBe((null, null, false, null, null, false));
    }

    [Fact]
    public void Everything_asked_is_read()
    {
        var query = Parse("?k=5&model=popularity&genre=Comedy&exclude=1,2&exclude=3&minSequence=9&wait=0", out _, accept: "text/plain")!;
        (query.K, query.Model, query.Genre, query.MinSequence, query.Wait, query.PlainText).ShouldBe((5, "popularity", "Comedy", 9, TimeSpan.Zero, true));
        query.Exclude.ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public void Reasons_diversity_and_the_past_are_read()
    {
        var query = Parse("?diversity=0.25&explain=true&happenedBefore=2001-02-03T04:05:06Z", out _)!;
        (query.Diversity, query.Explain, query.HappenedBefore, query.IsPersonal, query.OfThePast)
            .ShouldBe((0.25, true, new DateTimeOffset(2001, 2, 3, 4, 5, 6, TimeSpan.Zero), true, true));
    }

    [Theory]
    [InlineData("", null, null)]
    [InlineData("?diversity=0", null, 0.0)]
    [InlineData("?diversity=0.4", "mmr", 0.4)]
    [InlineData("?rerank=dpp", "dpp", 0.3)]
    [InlineData("?rerank=genre-calibrated&diversity=0.6", "genre-calibrated", 0.6)]
    [InlineData("?rerank=popularity-calibrated&diversity=0", null, 0.0)]
    public void The_service_s_own_re_ranker_is_for_those_who_ask_for_none(string query, string? name, double? weight)
    {
        var usual = new RerankChoice(Rerankers.Dpp, 0.9);
        var asked = name is null ? null : new RerankChoice(name, weight!.Value);
        Parse(query, out _)!.RerankOr(null).ShouldBe(asked);
        Parse(query, out _)!.RerankOr(usual).ShouldBe(weight is null ? usual : asked);
    }

    [Theory]
    [InlineData("17", 17L, null)]
    [InlineData("2001-02-03T04:05:06Z", null, "2001-02-03T04:05:06+00:00")]
    [InlineData("2001-02-03T04:05:06", null, "2001-02-03T04:05:06+00:00")]
    [InlineData("2001-02-03T06:05:06%2B02:00", null, "2001-02-03T04:05:06+00:00")]
    [InlineData("2001-02-03T06:05:06+02:00", null, "2001-02-03T04:05:06+00:00")]
    public void A_moment_is_a_position_or_a_time(string asOf, long? sequence, string? time)
        => Parse("?asOf=" + asOf, out _)!.AsOf.ShouldBe(new LogMoment(sequence, time is null ? null : DateTimeOffset.Parse(time)));

    [Theory]
    [InlineData("text/plain", true)]
    [InlineData("text/plain;q=0.9, application/json;q=0.5", true)]
    [InlineData("application/json, text/plain, */*", false)]
    [InlineData("text/plain;q=0.5, application/json", false)]
    [InlineData("*/*", false)]
    [InlineData("text/html", false)]
    public void Plain_text_is_given_to_who_prefers_it(string accept, bool plain) => Parse("", out _, accept: accept)!.PlainText.ShouldBe(plain);

    [Theory]
    [InlineData("?k=0", "k")]
    [InlineData("?k=101", "k")]
    [InlineData("?k=-1", "k")]
    [InlineData("?k=ten", "k")]
    [InlineData("?k=5&k=6", "k")]
    [InlineData("?minSequence=-1", "minSequence")]
    [InlineData("?wait=31", "wait")]
    [InlineData("?model=", "model")]
    [InlineData("?exclude=a%20b", "exclude")]
    [InlineData("?genre=", "genre")]
    [InlineData("?limit=5", "limit")]
    [InlineData("?diversity=1.01", "diversity")]
    [InlineData("?diversity=-0.1", "diversity")]
    [InlineData("?diversity=NaN", "diversity")]
    [InlineData("?rerank=best", "rerank")]
    [InlineData("?rerank=MMR", "rerank")]
    [InlineData("?explain=yes", "explain")]
    [InlineData("?asOf=yesterday", "asOf")]
    [InlineData("?asOf=-1", "asOf")]
    [InlineData("?asOf=99999999999999999999", "asOf")]
    [InlineData("?happenedBefore=17", "happenedBefore")]
    [InlineData("?asOf=1&happenedBefore=2001-02-03", "happenedBefore")]
    public void What_is_wrong_is_named(string query, string parameter)
    {
        Parse(query, out var errors).ShouldBeNull();
        errors.Keys.ShouldBe([parameter]);
    }

    [Fact]
    public void A_re_ranker_with_a_weight_is_told_where_the_weight_goes()
    {
        Parse("?rerank=mmr:0.3", out var errors).ShouldBeNull();
        errors["rerank"].ShouldHaveSingleItem().ShouldEndWith("as in rerank=mmr&diversity=0.3.");
    }

    [Fact]
    public void A_user_id_is_checked()
    {
        Parse("", out var errors, userId: "no spaces").ShouldBeNull();
        errors.Keys.ShouldBe(["userId"]);
    }
}
