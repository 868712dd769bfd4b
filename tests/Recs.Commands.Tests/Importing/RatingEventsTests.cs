using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Recs.Commands.Importing;
using Recs.Contracts;
using Recs.Contracts.Users;
using Recs.EventStore.Evolving;
using Recs.EventStore.Importing;

namespace Recs.Commands.Tests.Importing;

public sealed class RatingEventsTests
{
    private static readonly Gen<string> AnyId = from chars in Gen.Elements("09azAZ+-_.%'~:@".ToCharArray()).NonEmptyListOf() select new string([.. chars.Take(200)]);

    [Fact]
    public void An_event_has_the_very_bytes_that_the_serializer_gives()
    {
        var types = new EventTypes().Map(EventAliases.MovieRated, EventJson.Default.MovieRated);
        var ratings = from user in AnyId from movie in AnyId from half in Gen.Choose(1, 10) from day in Gen.Choose(0, 47_481) from second in Gen.Choose(0, 86_399) select (user, movie, half, (uint)(day * 86_400L + second));

        Prop.ForAll(ratings.ToArbitrary(), rating =>
        {
            var (user, movie, half, seconds) = rating;
            var at = DateTimeOffset.FromUnixTimeSeconds(seconds);
            var imported = Events([(user, movie, half, seconds)]).Single();

            imported.StreamId.ShouldBe(StreamIds.User(user));
            var expected = types.Encode(FactId.Rated(user, movie, half, at), new MovieRated(user, movie, half / 2.0, at), "import:test:01234567", "import-run:1");
            JsonSerializer.Serialize(new MovieRated(user, movie, half / 2.0, at), EventJson.Default.MovieRated).ShouldBe(System.Text.Encoding.UTF8.GetString(imported.Event.Data.Span));
            (imported.Event with { Data = default }).ShouldBe(expected with { Data = default });
        }).Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void Events_are_the_same_whatever_the_ranges_they_are_read_in()
    {
        var rows = Enumerable.Range(0, 100).Select(i => ($"u{i % 7}", $"m{i % 11}", 1 + i % 10, (uint)(1_000_000 + i * 4000))).ToList();
        var whole = Events(rows);

        var inPieces = Events(rows, pieces: 7);

        inPieces.Select(e => (e.StreamId, e.Event.Id, System.Text.Encoding.UTF8.GetString(e.Event.Data.Span)))
            .ShouldBe(whole.Select(e => (e.StreamId, e.Event.Id, System.Text.Encoding.UTF8.GetString(e.Event.Data.Span))));
    }

    private static List<ImportedEvent> Events(List<(string User, string Movie, int HalfStars, uint Seconds)> rows, int pieces = 1)
    {
        var (users, movies, columns) = (new IdTable(), new IdTable(), new RatingColumns());
        foreach (var (user, movie, half, seconds) in rows) columns.Add(users.Intern(user), movies.Intern(movie), (byte)half, seconds);
        var source = new RatingEvents("key", columns, RatingOrder.Of(columns), [.. users.Ids], movies.Ids, new("import:test:01234567", "import-run:1"));
        var events = new ImportedEvent[source.Count];
        var size = (events.Length + pieces - 1) / pieces;
        for (var from = 0; from < events.Length; from += size) source.Read(from, events.AsSpan(from, Math.Min(size, events.Length - from)));
        return [.. events];
    }
}
