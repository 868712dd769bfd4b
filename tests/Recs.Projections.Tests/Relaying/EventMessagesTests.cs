using System.Text;
using Recs.Contracts;
using Recs.Contracts.Recommendations;
using Recs.Contracts.Registry;
using Recs.Contracts.Users;
using Recs.EventStore;
using Recs.Kafka.Messages;
using Recs.Projections.Relaying;

namespace Recs.Projections.Tests.Relaying;

public sealed class EventMessagesTests
{
    private const long Time = 1714979289010;
    private static readonly DateTimeOffset At = RelayedLog.At;

    [Fact]
    public void a_slate_is_a_request_an_answer_and_an_exposure_per_experiment()
        => Lines(RelayedLog.Fact("recommendations-u1", EventAliases.RecommendationServed, RelayedLog.Slate("u1", "r1", new("e", "a"), new("f", "b")))).ShouldBe([
            $$"""t.reco_requests u1 - live {"timestamp":{{Time}},"user_id":"u1","request_id":"r1","k":3,"model":"ease"}""",
            $$"""t.reco_responses u1 - live {"timestamp":{{Time}},"user_id":"u1","request_id":"r1","status":200,"latency_ms":1.25,"movie_ids":["1","2","3"],"model_version":"ease-v0.2","is_personalized":true}""",
            $$"""t.ab_test_events u1 0 live {"timestamp":{{Time}},"experiment":"e","kind":"exposed","variant":"a","user_id":"u1","request_id":"r1"}""",
            $$"""t.ab_test_events u1 1 live {"timestamp":{{Time}},"experiment":"f","kind":"exposed","variant":"b","user_id":"u1","request_id":"r1"}""",
        ]);

    [Fact]
    public void a_slate_that_nobody_was_shown_is_not_told()
        => Lines(RelayedLog.Fact("recommendations-u1", EventAliases.RecommendationServed, RelayedLog.Slate("u1", "r1") with { Channel = "shadow" })).ShouldBeEmpty();

    [Fact]
    public void a_failed_request_is_answered_as_unavailable()
        => Lines(RelayedLog.Fact("recommendations-u1", EventAliases.RecommendationFailed, new RecommendationFailed("r1", "u1", "no model", At))).ShouldBe([
            $$"""t.reco_requests u1 - - {"timestamp":{{Time}},"user_id":"u1","request_id":"r1"}""",
            $$"""t.reco_responses u1 - - {"timestamp":{{Time}},"user_id":"u1","request_id":"r1","status":503,"movie_ids":[],"is_personalized":false}""",
        ]);

    [Fact]
    public void what_a_person_does_bears_the_position_in_the_log()
    {
        Lines(RelayedLog.Fact("user-u1", EventAliases.MovieRated, new MovieRated("u1", "the+matrix+1999", 4.5, At)))
            .ShouldBe([$$"""t.user_interactions u1 - - {"timestamp":{{Time}},"user_id":"u1","movie_id":"the+matrix+1999","kind":"rate","rating":4.5,"sequence":7}"""]);
        Lines(RelayedLog.Fact("user-u1", EventAliases.MovieWatched, new MovieWatched("u1", "m", 12, At)))
            .ShouldBe([$$"""t.user_interactions u1 - - {"timestamp":{{Time}},"user_id":"u1","movie_id":"m","kind":"watch","minute":12,"sequence":7}"""]);
        Lines(RelayedLog.Fact("user-u1", EventAliases.MovieOpened, new MovieOpened("u1", "m", "r1", At)))
            .ShouldBe([$$"""t.user_interactions u1 - - {"timestamp":{{Time}},"user_id":"u1","movie_id":"m","kind":"open","sequence":7}"""]);
    }

    [Fact]
    public void each_figure_of_an_evaluation_is_a_message_with_its_length_of_list()
        => Lines(RelayedLog.Fact("model-ease", EventAliases.ModelEvaluated, new ModelEvaluated(
            "ease", "ease-v0.2", "leave-last-out", new Dictionary<string, double> { ["hr@10"] = 0.25, ["hr@20"] = 0.5, ["rmse"] = 0.875, ["@3"] = 1 }, At))).ShouldBe([
            $$"""t.model_metrics ease 0 - {"timestamp":{{Time}},"model":"ease","model_version":"ease-v0.2","protocol":"leave-last-out","metric":"hr","k":10,"value":0.25}""",
            $$"""t.model_metrics ease 1 - {"timestamp":{{Time}},"model":"ease","model_version":"ease-v0.2","protocol":"leave-last-out","metric":"hr","k":20,"value":0.5}""",
            $$"""t.model_metrics ease 2 - {"timestamp":{{Time}},"model":"ease","model_version":"ease-v0.2","protocol":"leave-last-out","metric":"rmse","value":0.875}""",
            $$"""t.model_metrics ease 3 - {"timestamp":{{Time}},"model":"ease","model_version":"ease-v0.2","protocol":"leave-last-out","metric":"@3","value":1}""",
        ]);

    [Fact]
    public void a_blanked_event_and_an_erasure_say_nothing()
    {
        Lines(new Fact("user-u1", EventAliases.MovieRated, "{}")).ShouldBeEmpty();
        Lines(RelayedLog.Fact("user-u1", EventAliases.UserErased, new UserErased("u1", At, "asked"))).ShouldBeEmpty();
        Table.Types.ShouldNotContain(EventAliases.UserErased);
    }

    [Theory]
    [InlineData(EventAliases.MovieRated, """{"UserId":"u1"}""", "it lacks MovieId")]
    [InlineData(EventAliases.MovieRated, """{"MovieId":"m"}""", "it lacks UserId")]
    [InlineData(EventAliases.MovieWatched, """{"UserId":1}""", "$.UserId")]
    [InlineData(EventAliases.RecommendationServed, """{"UserId":"u1"}""", "it lacks Items")]
    [InlineData(EventAliases.ModelEvaluated, """{"Model":"m"}""", "it lacks Metrics")]
    [InlineData(EventAliases.ModelEvaluated, "null", "it is null")]
    public void a_body_that_cannot_be_read_is_said_and_not_passed_over(string alias, string json, string said)
        => Should.Throw<InvalidDataException>(() => Lines(new Fact("s", alias, json))).Message.ShouldContain(said);

    private static EventMessages Table { get; } = new(RelayedLog.Topics, new JsonMessageEncoder());

    private static IEnumerable<string> Lines(Fact fact)
    {
        var messages = new List<OutgoingMessage>();
        Table.Add(new RecordedEvent(7, Guid.NewGuid(), fact.Stream, 1, fact.Type, Encoding.UTF8.GetBytes(fact.Json), At, null, null), messages);
        return messages.Select(m => $"{m.Topic} {Encoding.UTF8.GetString(m.Key)} {m.Part?.ToString() ?? "-"} {m.Channel ?? "-"} {Encoding.UTF8.GetString(m.Value)}");
    }
}
