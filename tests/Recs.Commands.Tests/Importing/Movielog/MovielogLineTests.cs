using System.Text;
using Recs.Commands.Importing;
using Recs.Commands.Importing.Movielog;

namespace Recs.Commands.Tests.Importing.Movielog;

public sealed class MovielogLineTests
{
    private const string Watch = "2023-10-25T07:20:57,135941,GET /data/m/interstellar+2014/134.mpg";
    private const string Rate = "2023-09-28T20:20:29.5,186590,GET /rate/home+among+strangers_+a+stranger+among+his+own+1974=5";
    private const string Slate = "2023-10-25T07:20:57.389,226993,recommendation request host.example:8082, status 200, result: pulp+fiction+1994, up+2009, l.a.+%27x, 351 ms";

    [Fact]
    public void A_watched_minute_is_read()
    {
        MovielogLine.Read(Encoding.ASCII.GetBytes(Watch), out var line).ShouldBe(MovielogFault.None);

        (line.Form, line.At, line.Value).ShouldBe((MovielogForm.Watch, new DateTimeOffset(2023, 10, 25, 7, 20, 57, TimeSpan.Zero), 134));
        (Text(line.UserId), Text(line.MovieId)).ShouldBe(("135941", "interstellar+2014"));
    }

    [Fact]
    public void A_rating_is_read()
    {
        MovielogLine.Read(Encoding.ASCII.GetBytes(Rate), out var line).ShouldBe(MovielogFault.None);

        (line.Form, line.At, line.Value).ShouldBe((MovielogForm.Rate, new DateTimeOffset(2023, 9, 28, 20, 20, 29, 500, TimeSpan.Zero), 5));
        (Text(line.UserId), Text(line.MovieId)).ShouldBe(("186590", "home+among+strangers_+a+stranger+among+his+own+1974"));
    }

    [Fact]
    public void A_slate_is_read()
    {
        MovielogLine.Read(Encoding.ASCII.GetBytes(Slate), out var line).ShouldBe(MovielogFault.None);

        (line.Form, line.At, line.Value, line.LatencyMs).ShouldBe((MovielogForm.Recommendation, new DateTimeOffset(2023, 10, 25, 7, 20, 57, 389, TimeSpan.Zero), 200, 351));
        (Text(line.UserId), Text(line.Server)).ShouldBe(("226993", "host.example:8082"));
        var items = new List<string>();
        foreach (var item in line.Items) items.Add(Text(item));
        items.ShouldBe(["pulp+fiction+1994", "up+2009", "l.a.+%27x"]);
    }

    [Theory]
    [InlineData("2023-10-25T07:20", 0)]
    [InlineData("2023-10-25T07:20:00", 0)]
    [InlineData("2023-10-25T07:20:00.1", 1_000_000)]
    [InlineData("2023-10-25T07:20:00.000000199", 1)]
    [InlineData("2023-10-25T07:20:59.123456789", 591_234_567)]
    public void Times_have_zero_to_nine_fractional_digits_of_which_seven_count(string time, long ticks)
    {
        MovielogLine.Read(Encoding.ASCII.GetBytes(Watch.Replace("2023-10-25T07:20:57", time)), out var line).ShouldBe(MovielogFault.None);

        line.Ticks.ShouldBe(new DateTime(2023, 10, 25, 7, 20, 0).Ticks + ticks);
    }

    [Theory]
    [InlineData("2023-02-29T07:20:57")]
    [InlineData("2024-02-30T07:20:57")]
    [InlineData("2023-10-25T24:00:00")]
    [InlineData("2023-10-25T07:60:57")]
    [InlineData("2023-10-25T07:20:60")]
    [InlineData("2023-00-25T07:20:57")]
    [InlineData("1969-12-31T23:59:59")]
    [InlineData("2100-01-01T00:00:00")]
    [InlineData("2023-10-25T07:20:57Z")]
    [InlineData("2023-10-25T07:20:57+00:00")]
    [InlineData("2023-10-25T07:20:57.")]
    [InlineData("2023-10-25T07:20:57.1234567890")]
    [InlineData("2023-10-25T07:20:57.12345678x")]
    [InlineData("2023-10-25T07:20:")]
    [InlineData("2023-10-25t07:20:57")]
    [InlineData("-023-10-25T07:20:57")]
    [InlineData("")]
    public void An_impossible_time_is_rejected(string time)
        => Fault(Watch.Replace("2023-10-25T07:20:57", time)).ShouldBe(MovielogFault.BadTimestamp);

    [Theory]
    [InlineData("2023-10-25T07:20:57,2v18378,GET /data/m/a+1999/4.mpg", RejectReasons.BadUserId)]
    [InlineData("2023-10-25T07:20:57, 298355,GET /data/m/a+1999/4.mpg", RejectReasons.BadUserId)]
    [InlineData("2023-10-25T07:20:57,,GET /data/m/a+1999/4.mpg", RejectReasons.BadUserId)]
    [InlineData("2023-10-25T07:20:57,1,GET /data/m/xkcdq/4.mpg", RejectReasons.BadMovieId)]
    [InlineData("2023-10-25T07:20:57,1,GET /data/m/a b+1999/4.mpg", RejectReasons.BadMovieId)]
    [InlineData("2023-10-25T07:20:57,1,GET /data/m/a b+1999", RejectReasons.BadMovieId)]
    [InlineData("2023-10-25T07:20:57,1,GET /data/m/a+1999/-4.mpg", RejectReasons.BadMinute)]
    [InlineData("2023-10-25T07:20:57,1,GET /data/m/a+1999/1441.mpg", RejectReasons.BadMinute)]
    [InlineData("2023-10-25T07:20:57,1,GET /data/m/a+1999/99999999999999999999.mpg", RejectReasons.BadMinute)]
    [InlineData("2023-10-25T07:20:57,1,GET /data/m/a+1999/4.mp3", RejectReasons.BadMinute)]
    [InlineData("2023-10-25T07:20:57,1,GET /data/m/a+1999/4.mpg,x", RejectReasons.TrailingFields)]
    [InlineData("2023-10-25T07:20:57,1,GET /rate/a+1999=4,x", RejectReasons.TrailingFields)]
    [InlineData("2023-10-25T07:20:57,1,GET /rate/a+1999=15", RejectReasons.BadRating)]
    [InlineData("2023-10-25T07:20:57,1,GET /rate/a+1999=-3", RejectReasons.BadRating)]
    [InlineData("2023-10-25T07:20:57,1,GET /rate/a+1999=0", RejectReasons.BadRating)]
    [InlineData("2023-10-25T07:20:57,1,GET /rate/a+1999=4.5", RejectReasons.BadRating)]
    [InlineData("2023-10-25T07:20:57,1,GET /rate/1999=4", RejectReasons.BadMovieId)]
    [InlineData("2023-10-25T07:20:57,1,PUT /rate/a+1999=4", RejectReasons.UnknownForm)]
    [InlineData("2023-10-25T07:20:57,1,recommendation request my host:80, status 200, result: a+1, 5 ms", RejectReasons.BadServer)]
    [InlineData("2023-10-25T07:20:57,1,recommendation request h:80, code 200, result: a+1, 5 ms", RejectReasons.UnknownForm)]
    [InlineData("2023-10-25T07:20:57,1,recommendation request h:80, status 2OO, result: a+1, 5 ms", RejectReasons.BadStatus)]
    [InlineData("2023-10-25T07:20:57,1,recommendation request h:80, status 600, result: a+1, 5 ms", RejectReasons.BadStatus)]
    [InlineData("2023-10-25T07:20:57,1,recommendation request h:80, status 200, result: a1, 5 ms", RejectReasons.BadItems)]
    [InlineData("2023-10-25T07:20:57,1,recommendation request h:80, status 200, result: a+1,b+1, 5 ms", RejectReasons.BadItems)]
    [InlineData("2023-10-25T07:20:57,1,recommendation request h:80, status 200, result: , 5 ms", RejectReasons.BadItems)]
    [InlineData("2023-10-25T07:20:57,1,recommendation request h:80, status 200, result: 5 ms", RejectReasons.BadItems)]
    [InlineData("2023-10-25T07:20:57,1,recommendation request h:80, status 200, result: a+1, x ms", RejectReasons.BadLatency)]
    [InlineData("2023-10-25T07:20:57,1,recommendation request h:80, status 200, result: a+1, 5 ms, b+1", RejectReasons.TrailingFields)]
    [InlineData("2023-10-25T07:20:57,1,recommendation request h:80, status 0, result: java.net.ConnectException: Connection refused, 5 ms", RejectReasons.FailedRequest)]
    [InlineData("2023-10-25T07:20:57,1,recommendation request h:80, status 200, result: java.lang.Exception: a, b, 5 ms", RejectReasons.FailedRequest)]
    [InlineData("", RejectReasons.Truncated)]
    [InlineData("no comma", RejectReasons.Truncated)]
    public void A_damaged_line_has_one_reason(string line, string reason)
    {
        Fault(line).Reason().ShouldBe(reason);
    }

    [Fact]
    public void A_failed_request_with_a_slate_is_a_record()
    {
        MovielogLine.Read(Encoding.ASCII.GetBytes(Slate.Replace("status 200", "status 503")), out var line).ShouldBe(MovielogFault.None);

        line.Value.ShouldBe(503);
    }

    [Fact]
    public void Bytes_that_are_no_text_and_endless_lines_are_rejected()
    {
        byte[] broken = [.. Encoding.ASCII.GetBytes(Watch), 0xC3];

        MovielogLine.Read(broken, out _).ShouldBe(MovielogFault.NotUtf8);
        Fault(Watch + new string('x', MovielogLine.MaxLength)).ShouldBe(MovielogFault.LineTooLong);
    }

    [Fact]
    public void Every_fault_has_a_code_of_its_own_and_says_what_was_expected()
    {
        var faults = Enum.GetValues<MovielogFault>().Where(f => f != MovielogFault.None).ToList();

        faults.Select(f => f.Reason()).Distinct().Count().ShouldBe(faults.Count);
        faults.ShouldAllBe(f => f.Reason().Length > 0 && f.Expected().Length > 0);
    }

    [Fact]
    public void A_slate_longer_than_any_page_shows_is_rejected()
        => Fault(Slate.Replace("pulp+fiction+1994", string.Join(", ", Enumerable.Repeat("a+1", MovielogLine.MaxItems)))).ShouldBe(MovielogFault.BadItems);

    [Theory]
    [InlineData(Watch)]
    [InlineData(Rate)]
    [InlineData(Slate)]
    public void A_line_cut_anywhere_is_truncated(string line)
    {
        for (var length = 0; length < line.Length; length++) Fault(line[..length]).ShouldBe(MovielogFault.Truncated, line[..length]);
    }

    private static MovielogFault Fault(string line) => MovielogLine.Read(Encoding.UTF8.GetBytes(line), out _);

    private static string Text(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);
}
