using FsCheck;
using FsCheck.Fluent;
using Recs.Contracts;
using Recs.EventStore.Reading;
using Recs.Projections.UserHistory;

namespace Recs.Projections.Tests.UserHistory;

public sealed class UserHistoryReaderTests
{
    [Fact]
    public async Task The_row_and_the_rest_of_the_stream_give_the_state_that_the_whole_stream_gives()
    {
        await using var log = await ProjectedLog.CreateAsync();
        await log.AppendAsync(RandomFacts.Make(1, 400));
        await log.ProjectAsync(new UserHistoryProjection(), 50);
        await log.AppendAsync(RandomFacts.Make(2, 100));

        var ids = new IdPool();
        var reader = new UserHistoryReader(log.Source, log.Options, log.Types, ids);
        for (var u = 0; u < 12; u++)
        {
            var loaded = await reader.LoadAsync("u" + u);
            var whole = await new EventReader(log.Source, log.Options, log.Types).AggregateAsync(StreamIds.User("u" + u), UserHistoryState.Empty, (s, e) => s.Apply(e, ids));
            (loaded.Version, loaded.Sequence, loaded.DigestText, loaded.Person, loaded.Erased).ShouldBe((whole.Version, whole.Sequence, whole.DigestText, whole.Person, whole.Erased));
            loaded.Entries.ShouldBe(whole.Entries);
        }
        (await reader.LoadAsync("nobody")).Version.ShouldBe(0);
    }

    [Fact]
    public async Task The_view_unfolds_the_packed_rows()
    {
        await using var log = await ProjectedLog.CreateAsync();
        await log.AppendAsync(RandomFacts.Make(3, 600));
        await log.ProjectAsync(new UserHistoryProjection(), 100);
        var reader = new UserHistoryReader(log.Source, log.Options, log.Types, new IdPool());
        for (var u = 0; u < 12; u++)
        {
            var lines = await log.LinesAsync(
                """
                select kind, movie_id, value, minutes, round(extract(epoch from at) * 1000)::bigint, round(extract(epoch from last_at) * 1000)::bigint, sequence, position
                from read.user_events where user_id = $1 order by position
                """, "u" + u);
            lines.ShouldBe((await reader.LoadAsync("u" + u)).Entries.Select((e, i) =>
                $"{e.Kind.ToString().ToLowerInvariant()}|{e.MovieId}|{e.Value}|{(e.Kind == HistoryKind.Watched ? e.Minutes : "")}|{e.At}|{e.LastAt}|{e.Sequence}|{i}"));
        }
    }

    [Fact]
    public void Any_entries_come_back_from_their_packed_bytes()
        => Prop.ForAll<(bool Watched, double Value, int Movie, long At, long Sequence)[]>(rows =>
        {
            HistoryEntry[] entries = [.. rows.Where(r => !double.IsNaN(r.Value)).Select(r => r.Watched
                ? new HistoryEntry(HistoryKind.Watched, "é+" + r.Movie, r.Movie, 1 + Math.Abs(r.Movie % 90), r.At, r.At + r.Movie, r.Sequence)
                : new HistoryEntry(HistoryKind.Rated, "m" + r.Movie, r.Value, 0, r.At, r.At, r.Sequence))];
            return PackedHistory.Unpack(PackedHistory.Pack(entries), entries.Length, new IdPool()).SequenceEqual(entries);
        }).QuickCheckThrowOnFailure();
}
