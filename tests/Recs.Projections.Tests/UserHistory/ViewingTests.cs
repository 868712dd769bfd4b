using FsCheck;
using FsCheck.Fluent;
using Recs.Contracts;
using Recs.EventStore;
using Recs.EventStore.Schema;
using Recs.Projections.UserHistory;

namespace Recs.Projections.Tests.UserHistory;

public sealed class ViewingTests
{
    private static readonly DateTimeOffset Evening = new(2001, 2, 3, 20, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, int[]> Disorders => new()
    {
        { "all is well", [0, 1, 2, 3, 4, 5] },
        { "lost lines", [0, 1, 5] },
        { "a repeated minute", [0, 1, 1, 2, 5] },
        { "a swapped pair", [0, 2, 1, 3, 4, 5] },
        { "the first line is late", [1, 2, 3, 4, 5, 0] },
    };

    [Theory]
    [MemberData(nameof(Disorders))]
    public void A_film_watched_minute_by_minute_is_one_entry(string what, int[] minutes)
    {
        var state = Fold([.. minutes.Select(m => Watched(m, m))]);
        state.Entries.ShouldBe([new(HistoryKind.Watched, "7", 5, 6, At(0), At(5), minutes.Length)], what);
    }

    [Fact]
    public void A_rating_in_between_does_not_end_a_viewing_which_moves_to_its_last_fact()
    {
        var state = Fold(Watched(0, 0), Watched(1, 1), Rated("7", 1), Rated("9", 2), Watched(2, 2), Watched(3, 3));
        state.Entries.Select(e => (e.Kind, e.MovieId, e.Minutes, e.Sequence)).ShouldBe(
            [(HistoryKind.Rated, "7", 0, 3L), (HistoryKind.Rated, "9", 0, 4L), (HistoryKind.Watched, "7", 4, 6L)]);
    }

    [Theory]
    [InlineData("two films at a time", 2, 2, "8")]
    [InlineData("the next evening", 31, 24 * 60, "7")]
    [InlineData("from the start, as soon as it ended", 0, 31, "7")]
    [InlineData("half an hour of film in a minute", 61, 31, "7")]
    public void Another_viewing_begins(string what, int minute, int after, string movie)
        => Fold([.. Enumerable.Range(0, 31).Select(m => Watched(m, m)), Watched(minute, after, movie)]).Entries.Select(e => e.Minutes).ShouldBe([31, 1], what);

    [Theory]
    [InlineData("a supper in between", 31, 200)]
    [InlineData("fifteen minutes back", 15, 31)]
    [InlineData("fifteen minutes skipped", 45, 30)]
    [InlineData("an hour of lines lost", 90, 90)]
    public void The_viewing_goes_on(string what, int minute, int after)
        => Fold([.. Enumerable.Range(0, 31).Select(m => Watched(m, m)), Watched(minute, after)]).Count.ShouldBe(1, what);

    [Fact]
    public void A_late_line_of_a_film_that_was_started_over_finds_its_own_viewing()
        => Fold([.. Enumerable.Range(0, 90).Select(m => Watched(m, m)), Watched(0, 91), Watched(1, 92), Watched(90, 90), Watched(2, 93)])
            .Entries.Select(e => (e.Value, e.Minutes)).ShouldBe([(90, 91), (2, 3)]);

    /// <summary>At the clock's pace or slower, within the four hours.</summary>
    [Fact]
    public void Whatever_is_lost_repeated_or_in_disorder_a_viewing_is_one_entry()
        => Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), seed =>
        {
            var random = new Random(seed);
            var (told, time) = (new List<(int Minute, double After)>(), 0.0);
            for (var minute = random.Next(30); minute < 120 && time < 230; minute++, time += random.Next(20) == 0 ? random.Next(60) : 1)
                for (var times = random.Next(4); times > 0; times--)
                    told.Add((minute, time + random.NextDouble() / 2));
            if (told.Count == 0) return true;
            var (first, furthest) = (told.Min(t => t.Minute), told.Max(t => t.Minute));
            var lines = told.ToArray();
            random.Shuffle(lines);
            var entry = Fold([.. lines.Select(l => Watched(l.Minute, l.After))]).Entries.ShouldHaveSingleItem();
            return (entry.Value, entry.Minutes, entry.At, entry.LastAt, entry.Sequence)
                == (furthest, furthest - first + 1, At(told.Min(t => t.After)), At(told.Max(t => t.After)), told.Count);
        }).QuickCheckThrowOnFailure();

    /// <summary>States share what they have in common, so each is folded on from again after others grew from it.</summary>
    [Fact]
    public void Any_states_that_grow_from_one_another_are_what_a_plain_list_gives()
        => Prop.ForAll<(byte From, byte Movie, byte Minute, bool Watched)[]>(steps =>
        {
            var (states, lists, ids) = (new List<UserHistoryState> { UserHistoryState.Empty }, new List<List<HistoryEntry>> { new() }, new IdPool());
            foreach (var step in steps)
            {
                var from = states.Count - 1 - step.From % Math.Min(3, states.Count);
                var (sequence, movie, minute) = (states[from].Version + 1, "m" + step.Movie % 4, step.Minute % 40);
                var fact = step.Watched ? Watched(minute, minute, movie) : Rated(movie, minute);
                states.Add(states[from].Apply(fact with { Version = sequence, Sequence = sequence }, ids));
                lists.Add([.. lists[from]]);
                var place = step.Watched ? lists[^1].FindLastIndex(e => e.IsContinuedBy(movie, minute, At(minute))) : -1;
                if (place >= 0 && lists[^1].Count - place <= HistoryEntries.Open)
                {
                    lists[^1].Add(lists[^1][place].With(minute, At(minute), sequence));
                    lists[^1].RemoveAt(place);
                }
                else
                {
                    lists[^1].Add(step.Watched
                        ? new(HistoryKind.Watched, movie, minute, 1, At(minute), At(minute), sequence)
                        : new(HistoryKind.Rated, movie, 4, 0, At(minute), At(minute), sequence));
                }
            }
            return states.Zip(lists).All(pair => pair.First.Entries.SequenceEqual(pair.Second));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Rows_packed_by_an_older_rule_are_thrown_away_and_folded_again()
    {
        await using var log = await ProjectedLog.CreateAsync();
        await log.AppendAsync(RandomFacts.Make(5, 300));
        await log.ProjectAsync(new UserHistoryProjection(), 100);
        await log.ExecuteAsync("delete from recs.recs_migrations where name like '%0112%'"); // as if it had been written before

        (await SchemaMigrations.ApplyAsync(log.Source, log.Options, [typeof(EventStoreOptions).Assembly, typeof(RecsProjections).Assembly])).ShouldBe(["db/0112-viewings.sql"]);

        (await log.LinesAsync("select last_seq_id, (select count(*) from read.user_history) from recs.mt_event_progression where name = 'UserHistory:All'")).ShouldBe(["0|0"]);
        await log.ProjectAsync(new UserHistoryProjection(), 100);
        (await log.Rebuild.VerifyAsync(new UserHistoryProjection())).ShouldBeNull();
    }

    private static long At(double after) => Evening.AddMinutes(after).ToUnixTimeMilliseconds();

    private static RecordedEvent Watched(int minute, double after, string movie = "7")
        => Facts.Of(0, EventAliases.MovieWatched, $$"""{"At":"{{DateTimeOffset.FromUnixTimeMilliseconds(At(after)):O}}","Minute":{{minute}},"UserId":"1","MovieId":"{{movie}}"}""");

    private static RecordedEvent Rated(string movie, double after)
        => Facts.Rated(0, movie, at: DateTimeOffset.FromUnixTimeMilliseconds(At(after)).ToString("O"));

    private static UserHistoryState Fold(params RecordedEvent[] events)
    {
        var ids = new IdPool();
        return events.Index().Aggregate(UserHistoryState.Empty, (s, e) => s.Apply(e.Item with { Version = e.Index + 1, Sequence = e.Index + 1 }, ids));
    }
}
