using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Recs.Commands.Consuming;
using Recs.Contracts;

namespace Recs.Commands.Tests.Consuming;

public sealed class FactMessageTests
{
    private static readonly DateTimeOffset Now = new(2024, 5, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly MessageOrigin Origin = new("kafka:t", "t[0]@0");

    [Theory]
    [InlineData("""{"timestamp":1,"user_id":"u","movie_id":"m","rating":0.5}""")]
    [InlineData("""{"timestamp":1,"user_id":42,"movie_id":7,"rating":5}""")]
    [InlineData("""{"timestamp":1,"user_id":"\u0075","movie_id":"the\u002bmatrix","rating":4.50,"device":{"os":["x"]}}""")]
    [InlineData(""" {"rating":1e0,"movie_id":"m","user_id":"u","timestamp":"2024-05-01T23:59:59.999+00:00"} """)]
    public void A_rating_may_be_written_so(string json) => Read(json, ratings: true).ShouldBeNull();

    [Theory]
    [InlineData("", "unreadable")]
    [InlineData("nonsense", "unreadable")]
    [InlineData("[]", "unreadable")]
    [InlineData("null", "unreadable")]
    [InlineData("{", "unreadable")]
    [InlineData("""{"timestamp":1,"user_id":"u","movie_id":"m","rating":4}{}""", "unreadable")]
    [InlineData("""{"timestamp":1,"user_id":"u","user_id":"u","movie_id":"m","rating":4}""", "unreadable")]
    [InlineData("""{"timestamp":1,"user_id":"\ud800","movie_id":"m","rating":4}""", "unreadable")]
    [InlineData("""{"timestamp":1,"movie_id":"m","rating":4}""", "bad-user-id")]
    [InlineData("""{"timestamp":1,"user_id":"","movie_id":"m","rating":4}""", "bad-user-id")]
    [InlineData("""{"timestamp":1,"user_id":"illegal!id","movie_id":"m","rating":4}""", "bad-user-id")]
    [InlineData("""{"timestamp":1,"user_id":1.5,"movie_id":"m","rating":4}""", "bad-user-id")]
    [InlineData("""{"timestamp":1,"user_id":["u"],"movie_id":"m","rating":4}""", "bad-user-id")]
    [InlineData("""{"timestamp":1,"user_id":"u","movie_id":"bad id","rating":4}""", "bad-movie-id")]
    [InlineData("""{"timestamp":1,"user_id":"u","rating":4}""", "bad-movie-id")]
    [InlineData("""{"timestamp":1,"user_id":"u","movie_id":"m","rating":6}""", "bad-rating")]
    [InlineData("""{"timestamp":1,"user_id":"u","movie_id":"m","rating":3.7}""", "bad-rating")]
    [InlineData("""{"timestamp":1,"user_id":"u","movie_id":"m","rating":"4"}""", "bad-rating")]
    [InlineData("""{"timestamp":1,"user_id":"u","movie_id":"m","minute":4}""", "bad-rating")]
    [InlineData("""{"timestamp":-1,"user_id":"u","movie_id":"m","rating":4}""", "bad-timestamp")]
    [InlineData("""{"timestamp":1714694400001,"user_id":"u","movie_id":"m","rating":4}""", "bad-timestamp")]
    [InlineData("""{"timestamp":1.5,"user_id":"u","movie_id":"m","rating":4}""", "bad-timestamp")]
    [InlineData("""{"timestamp":"yesterday","user_id":"u","movie_id":"m","rating":4}""", "bad-timestamp")]
    [InlineData("""{"timestamp":"1969-12-31T23:59:59Z","user_id":"u","movie_id":"m","rating":4}""", "bad-timestamp")]
    [InlineData("""{"user_id":"u","movie_id":"m","rating":4}""", "bad-timestamp")]
    public void What_is_wrong_with_a_rating_has_a_reason(string json, string reason) => Read(json, ratings: true)!.Value.Reason.ShouldBe(reason);

    [Theory]
    [InlineData("""{"timestamp":1,"user_id":"u","movie_id":"m","minute":0}""", null)]
    [InlineData("""{"timestamp":1,"user_id":"u","movie_id":"m","minute":1440}""", null)]
    [InlineData("""{"timestamp":1,"user_id":"u","movie_id":"m","minute":1441}""", "bad-minute")]
    [InlineData("""{"timestamp":1,"user_id":"u","movie_id":"m","minute":-1}""", "bad-minute")]
    [InlineData("""{"timestamp":1,"user_id":"u","movie_id":"m","minute":1.5}""", "bad-minute")]
    [InlineData("""{"timestamp":1,"user_id":"u","movie_id":"m"}""", "bad-minute")]
    public void A_minute_is_one_of_a_movie(string json, string? reason) => Read(json, ratings: false)?.Reason.ShouldBe(reason);

    [Fact]
    public void A_body_says_what_the_contract_says()
        => Prop.ForAll(Gen.Choose(0, 400_000_000).SelectMany(s => Gen.Choose(0, 9_999_999).SelectMany(f => Gen.Choose(1, 10).Select(h => (s, f, h)))).ToArbitrary(), given =>
        {
            var at = DateTimeOffset.UnixEpoch.AddSeconds(given.s).AddTicks(given.f);
            var rated = FactEvents.Rated("o'neil+%~:@", "the+matrix+1999", given.h, at, Origin);
            var body = JsonSerializer.Deserialize(rated.Event.Data.Span, EventJson.Default.MovieRated)!;
            Same(rated.Event.Data, JsonSerializer.SerializeToUtf8Bytes(body, EventJson.Default.MovieRated));
            body.ShouldBe(new("o'neil+%~:@", "the+matrix+1999", given.h / 2.0, at));
            var watched = FactEvents.Watched("u", "m", given.h * 100, at, Origin);
            JsonSerializer.Deserialize(watched.Event.Data.Span, EventJson.Default.MovieWatched).ShouldBe(new("u", "m", given.h * 100, at));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Whatever_the_bytes_are_a_message_is_a_fact_or_has_a_reason()
        => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            foreach (var reader in new IValueReader[] { new FactValues(true), new FactValues(false), new MovielogValues() })
            {
                if (!reader.TryRead(bytes, Now, Origin, out _, out var refusal))
                    (refusal.Reason.Length > 0 && refusal.Detail.Length is > 0 and < 500 && !refusal.Detail.Contains('\0')).ShouldBeTrue();
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("rate", 4.5, null)]
    [InlineData("", 4.5, null)]
    [InlineData("open", 4.5, "unreadable")]
    [InlineData("rate", 4.2, "bad-rating")]
    [InlineData("rate", null, "bad-rating")]
    public void What_came_framed_is_judged_alike(string kind, double? rating, string? reason)
    {
        new FactValues(true).TryJudge(new(1000, "u", "m", kind, null, rating), Now, Origin, out var fact, out var refusal).ShouldBe(reason is null);
        (reason is null ? fact.Event.Id : refusal.Reason as object).ShouldBe(reason is null ? FactEvents.Rated("u", "m", 9, DateTimeOffset.UnixEpoch.AddSeconds(1), Origin).Event.Id : reason);
    }

    [Theory]
    [InlineData("2023-10-25T07:20:57,135941,GET /data/m/interstellar+2014/134.mpg", "user-135941", null)]
    [InlineData("2023-09-28T20:20:23,303668,GET /rate/the+gallant+hours+1960=4\r\n", "user-303668", null)]
    [InlineData("2023-10-25T07:20:57.389,226993,recommendation request host:8082, status 200, result: a+1999, b+2001, 351 ms", "recommendations-226993", null)]
    [InlineData("2024-10-25T07:20:57,135941,GET /data/m/interstellar+2014/134.mpg", null, "bad-timestamp")]
    [InlineData("2023-09-28T20:20:23,abc,GET /rate/the+gallant+hours+1960=4", null, "bad-user-id")]
    public void A_line_of_the_movielog_is_read(string line, string? stream, string? reason)
    {
        new MovielogValues().TryRead(Encoding.UTF8.GetBytes(line), Now, Origin, out var fact, out var refusal).ShouldBe(stream is not null);
        fact.StreamId.ShouldBe(stream);
        refusal.Reason.ShouldBe(reason);
    }

    [Fact]
    public void A_slate_of_somebody_elses_service_is_the_event_that_an_import_of_the_line_makes()
    {
        var line = "2023-10-25T07:20:57.389,226993,recommendation request host:8082, status 200, result: a+1999, b+2001, 351 ms"u8;
        new MovielogValues().TryRead(line, Now, Origin, out var fact, out _).ShouldBeTrue();
        var slate = JsonSerializer.Deserialize(fact.Event.Data.Span, EventJson.Default.RecommendationObserved)!;
        (slate.RequestId, slate.Server, slate.Status, slate.LatencyMs, slate.At).ShouldBe(
            (fact.Event.Id.ToString("N"), "host:8082", 200, 351, new DateTimeOffset(2023, 10, 25, 7, 20, 57, 389, TimeSpan.Zero)));
        slate.Items.ShouldBe(["a+1999", "b+2001"]);
        fact.MovieIds.ShouldBe(slate.Items);
    }

    private static Refusal? Read(string json, bool ratings)
        => new FactValues(ratings).TryRead(Encoding.UTF8.GetBytes(json), Now, Origin, out _, out var refusal) ? null : refusal;

    private static void Same(ReadOnlyMemory<byte> written, byte[] expected)
        => JsonElement.DeepEquals(JsonDocument.Parse(written).RootElement, JsonDocument.Parse(expected).RootElement).ShouldBeTrue();
}
