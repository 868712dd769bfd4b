using System.Text;
using System.Text.Json;
using Confluent.Kafka;

namespace Recs.Commands.Tests.Consuming;

/// <summary>What becomes of messages while all is well: one node, two partitions of each topic.</summary>
public sealed class ConsumedFactsTests(ConsumedTopics topics) : IClassFixture<ConsumedTopics>
{
    private const long Noon = 1_700_000_000_000;

    [Fact]
    public async Task A_rating_and_a_watched_minute_become_events_of_their_user_and_the_movie_is_made_from_its_id()
    {
        await topics.RateAsync("ann", "the+matrix+1999", 4.5, Noon + 7);
        await topics.WatchAsync("ann", "the+matrix+1999", 12, Noon);
        await UntilAsync("user-ann", 2);
        (await topics.StreamAsync("user-ann")).ShouldBe(
        [
            """movie_rated {"At": "2023-11-14T22:13:20.007+00:00", "Rating": 4.5, "UserId": "ann", "MovieId": "the+matrix+1999"}""",
            """movie_watched {"At": "2023-11-14T22:13:20+00:00", "Minute": 12, "UserId": "ann", "MovieId": "the+matrix+1999"}""",
        ], ignoreOrder: true);
        (await topics.StreamAsync("movie-the+matrix+1999")).ShouldHaveSingleItem().ShouldContain("\"Inferred\": true");
        (await topics.LinesAsync("select correlation_id || ' ' || causation_id from recs.mt_events where stream_id = 'user-ann' and type = 'movie_rated'"))
            .ShouldHaveSingleItem().ShouldMatch(@"^kafka:recs\.rate recs\.rate\[\d\]@\d+$");
    }

    [Fact]
    public async Task A_message_that_is_published_again_changes_nothing()
    {
        for (var time = 0; time < 3; time++)
            await topics.RateAsync("bob", "again+2000", 3, Noon);
        await topics.RateAsync("bob", "last+2000", 3, Noon);
        await UntilAsync("user-bob", 2);
        (await topics.StreamAsync("user-bob")).Count(e => e.Contains("again+2000")).ShouldBe(1);
    }

    [Fact]
    public async Task What_a_user_did_keeps_its_order()
    {
        var sent = Enumerable.Range(0, 500).Select(minute => topics.WatchAsync("cleo", $"film+{minute % 7}", minute, Noon + minute)).ToList();
        await Task.WhenAll(sent);
        await UntilAsync("user-cleo", 500);
        (await topics.LinesAsync("select data ->> 'Minute' from recs.mt_events where stream_id = 'user-cleo' order by version")).Select(int.Parse).ShouldBe(Enumerable.Range(0, 500));
    }

    [Theory]
    [InlineData("1700000000123", "2023-11-14T22:13:20.123+00:00")]
    [InlineData("\"2023-11-14T22:13:20.123Z\"", "2023-11-14T22:13:20.123+00:00")]
    [InlineData("\"2023-11-14T23:13:20+01:00\"", "2023-11-14T22:13:20+00:00")]
    [InlineData("\"2023-11-14T22:13:20\"", "2023-11-14T22:13:20+00:00")]
    public async Task A_time_is_milliseconds_or_ISO_8601(string timestamp, string at)
    {
        var user = "time" + Math.Abs(timestamp.GetHashCode(StringComparison.Ordinal));
        await topics.SendAsync("recs.watch", user, $$"""{"user_id":"{{user}}","movie_id":"timed+1","minute":0,"timestamp":{{timestamp}}}""");
        await UntilAsync("user-" + user, 1);
        JsonDocument.Parse((await topics.StreamAsync("user-" + user))[0]["movie_watched ".Length..]).RootElement.GetProperty("At").GetString().ShouldBe(at);
    }

    [Fact]
    public async Task What_cannot_be_read_goes_to_the_dead_letters_with_its_reason_and_the_next_message_is_stored()
    {
        byte[] poison = [0xFF, 0x00, 0xC3, 0x28];
        await topics.SendAsync("recs.rate", "dan", poison, [new Header("trace", "abc"u8.ToArray())]);
        await topics.SendAsync("recs.rate", "dan", """{"timestamp":1700000000000,"user_id":"dan","movie_id":"m+1","rating":5.5}""");
        await topics.SendAsync("recs.rate", "dan", value: (byte[]?)null);
        await topics.RateAsync("dan", "good+1", 4, Noon);
        await UntilAsync("user-dan", 1);
        var letters = topics.DeadLetters("dan", 3);
        letters.Select(l => Header(l, "recs-reason")).ShouldBe(["unreadable", "bad-rating", "unreadable"], ignoreOrder: true);
        var letter = letters.Single(l => l.Message.Value?.Length == 4);
        letter.Message.Value.ShouldBe(poison);
        Header(letter, "trace").ShouldBe("abc");
        Header(letter, "recs-topic").ShouldBe("recs.rate");
        Header(letters.Single(l => Header(l, "recs-reason") == "bad-rating"), "recs-detail").ShouldBe("rating is 5.5; expected 0.5 to 5 in halves");
        var partition = int.Parse(Header(letter, "recs-partition"));
        (await topics.LinesAsync($"select reason from recs.recs_rejects where import_key = 'kafka:recs' and file = 'recs.rate[{partition}]' and line = {Header(letter, "recs-offset")}"))
            .ShouldBe(["unreadable"]);
    }

    [Fact]
    public async Task Nothing_is_stored_about_somebody_who_was_erased()
    {
        await topics.RateAsync("eve", "seen+1", 4, Noon);
        await UntilAsync("user-eve", 1);
        await topics.ExecuteAsync("update recs.mt_streams set is_archived = true where id = 'user-eve'");
        await topics.RateAsync("eve", "seen+2", 4, Noon);
        await Eventually.HoldsAsync("the reject", async () => await topics.CountAsync("select count(*) from recs.recs_rejects where reason = 'erased' and raw like '%seen+2%'") == 1);
        (await topics.StreamAsync("user-eve")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Lag_falls_to_nothing_and_Kafka_is_told_what_was_stored()
    {
        await topics.RateAsync("fay", "lag+1", 4, Noon);
        await UntilAsync("user-fay", 1);
        await Eventually.HoldsAsync("no lag", () => topics.Node.Consumer.Lanes.Any(l => l.Partition.Topic == "recs.rate") && topics.Node.Consumer.Lanes.All(l => l.Lag is 0 or null));
        topics.Node.Consumer.Troubles.ShouldBeEmpty();
    }

    private Task UntilAsync(string stream, int events)
        => Eventually.HoldsAsync($"{events} events in {stream}", async () => (await topics.StreamAsync(stream)).Count >= events);

    private static string Header(ConsumeResult<string, byte[]> letter, string name) => Encoding.UTF8.GetString(letter.Message.Headers.GetLastBytes(name));
}
