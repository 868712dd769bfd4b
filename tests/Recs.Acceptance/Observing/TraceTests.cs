using System.Diagnostics;
using System.Net;
using Recs.Acceptance.Running;
using Shouldly;
using Xunit;

namespace Recs.Acceptance.Observing;

[Collection(ObservedCollection.Name)]
public class TraceTests(ObservedService observed)
{
    [Fact]
    public async Task One_rating_is_one_trace_from_the_request_over_the_commit_to_its_projection()
    {
        var (trace, caller) = (ActivityTraceId.CreateRandom().ToHexString(), ActivitySpanId.CreateRandom().ToHexString());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/ratings") { Content = JsonContent.Create(new { userId = "1", movieId = "1", rating = 4 }) };
        request.Headers.Add("traceparent", $"00-{trace}-{caller}-01");
        using var response = await observed.Http.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        response.Headers.GetValues("X-Request-Id").ShouldBe([trace]);

        var spans = await Soon.HappensAsync("the projection's span", () => Of(trace) is var found && found.Any(s => s.Name == "project") ? found : null);
        var rating = spans.Single(s => s.Name == "POST /ratings");
        rating.ParentId.ShouldBe(caller);
        var append = spans.Single(s => s.Name == "append");
        append.ParentId.ShouldBe(rating.SpanId);
        var commit = spans.Single(s => s.Name == "append batch");
        commit.ParentId.ShouldBe(append.SpanId);
        commit.LinkedTraces.ShouldContain(trace);
        spans.Where(s => s.Name == "project").ShouldAllBe(s => s.ParentId == append.SpanId && s.LinkedTraces.Contains(trace));
    }

    [Fact]
    public async Task A_slate_is_one_trace_of_its_request_its_scoring_and_its_append_and_the_log_keeps_it()
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/recommend/2") { Headers = { { "traceparent", $"00-{trace}-00000000000000a1-01" } } };
        (await observed.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await observed.Recs.SqlAsync($"select count(*) from recs.mt_events where type = 'recommendation_served' and headers->>'traceparent' like '00-{trace}-%'")).ShouldBe(1);
        var names = await Soon.HappensAsync("the request's span", () => Of(trace).ConvertAll(s => s.Name) is var found && found.Contains("GET /recommend/{userId}") ? found : null);
        new[] { "score", "append", "append batch" }.ShouldBeSubsetOf(names);
    }

    private List<CollectedSpan> Of(string trace) => [.. observed.Collector.Spans.Where(s => s.TraceId == trace)];
}
