using System.Net;
using System.Text.Json;
using Recs.Acceptance.Running;
using Shouldly;
using Xunit;

namespace Recs.Acceptance.Observing;

[Collection(ObservedCollection.Name)]
public class LogLineTests(ObservedService observed)
{
    [Fact]
    public async Task A_failed_request_has_one_line_under_the_id_that_its_caller_got_and_without_its_address()
    {
        using var response = await observed.Http.GetAsync("/recommend/a-secret-person?k=0&model=a-secret-model");
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var id = response.Headers.GetValues("X-Request-Id").Single();

        var line = await Soon.HappensAsync("the line", () => observed.Service.Said.SingleOrDefault(l => l.Contains(id)));

        var fields = JsonDocument.Parse(line).RootElement;
        fields.GetProperty("requestId").GetString().ShouldBe(id);
        fields.GetProperty("level").GetString().ShouldBe("info");
        fields.GetProperty("message").GetString()!.ShouldStartWith("GET /recommend/{userId} answered 400 after ");
        fields.GetProperty("fields").GetProperty("Status").GetInt32().ShouldBe(400);
        string.Join('\n', observed.Service.Said).ShouldNotContain("a-secret");
    }

    [Fact]
    public void Every_line_is_a_json_object_from_the_first_on()
        => observed.Service.Said.ShouldAllBe(line => JsonDocument.Parse(line, default).RootElement.GetProperty("message").ValueKind == JsonValueKind.String);

    [Fact]
    public void The_first_lines_say_where_it_listens_what_it_runs_which_model_answers_and_where_traces_go()
    {
        var said = string.Join('\n', observed.Service.Said);
        foreach (var part in new[] { "Listening on http://127.0.0.1:", "commands, queries, projections, training", observed.Recs.Database.Name, "popularity-v0.1 answers", observed.Collector.Address })
            said.ShouldContain(part);
    }
}
