using FsCheck;
using FsCheck.Fluent;
using Recs.EventStore.Appending;
using Shouldly;

namespace Recs.EventStore.Tests.Appending;

/// <summary>Random appends, one after the other, against a model in memory: a dictionary of stream versions.</summary>
public sealed class AppendModelTests
{
    /// <summary>A part of an append: which stream, how far its expectation is off (null expects nothing), how many events.</summary>
    private sealed record Part(int Stream, int? Off, int Events);

    private static readonly Gen<Part[][]> Histories =
        (from stream in Gen.Choose(0, 4)
         from off in Gen.Frequency((3, Gen.Constant<int?>(null)), (4, Gen.Constant<int?>(0)), (1, Gen.Constant<int?>(1)), (1, Gen.Constant<int?>(-1)))
         from events in Gen.Choose(1, 4)
         select new Part(stream, off, events))
        .NonEmptyListOf().Select(parts => parts.Take(4).ToArray())
        .ListOf(12).Select(appends => appends.ToArray());

    [Fact]
    public async Task Appends_do_what_the_model_does()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);
        var run = 0;
        foreach (var history in Histories.Sample(10, 25)) await CheckAsync(appender, store, run++, history);
    }

    private static async Task CheckAsync(EventAppender appender, StoreDatabase store, int run, Part[][] history)
    {
        var model = new Dictionary<string, long>();
        long last = await store.ScalarAsync<long>("select coalesce(max(seq_id), 0) from recs.mt_events");
        foreach (var parts in history)
        {
            var (request, seen) = (new List<StreamAppend>(), new HashSet<string>());
            foreach (var part in parts)
            {
                var stream = $"r{run}-{part.Stream}";
                // Only a stream's first part may expect a version.
                var expected = seen.Add(stream) && part.Off is { } off ? ExpectedVersion.Exactly(Math.Max(0, model.GetValueOrDefault(stream) + off)) : ExpectedVersion.Any;
                request.Add(new(stream, expected, Given.Events(part.Events)));
            }

            var conflict = request.Find(s => s.Expected != ExpectedVersion.Any && s.Expected.Value != model.GetValueOrDefault(s.StreamId));
            if (conflict is not null)
            {
                var refusal = await Should.ThrowAsync<ConcurrencyException>(async () => await appender.AppendAsync(new(request)));
                (refusal.StreamId, refusal.Expected, refusal.Actual).ShouldBe((conflict.StreamId, conflict.Expected.Value, model.GetValueOrDefault(conflict.StreamId)));
                continue;
            }

            var result = await appender.AppendAsync(new(request));
            for (var i = 0; i < request.Count; i++)
            {
                var stream = request[i].StreamId;
                model[stream] = model.GetValueOrDefault(stream) + request[i].Events.Count;
                result.Streams[i].StreamId.ShouldBe(stream);
                result.Streams[i].Version.ShouldBe(model[stream]);
                foreach (var sequence in result.Streams[i].Sequences) sequence.ShouldBeGreaterThan(last);
                last = result.Streams[i].Sequences[^1];
            }
        }

        foreach (var (stream, version) in model) (await store.Reader.ReadStreamAsync(stream).CountAsync()).ShouldBe((int)version);
    }
}
