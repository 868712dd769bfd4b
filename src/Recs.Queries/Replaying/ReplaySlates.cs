using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Recs.Contracts;
using Recs.EventStore;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;
using Recs.Projections;
using Recs.Queries.Catalogue;
using Recs.Queries.Models;

namespace Recs.Queries.Replaying;

/// <summary>
/// Computes served slates again from the log alone: the person's stream up to the recorded version, the catalogue up to the recorded position, the recorded
/// model version with its bytes verified, the recorded policy; then compares bit for bit.
/// </summary>
/// <param name="reader">Reads the log.</param>
/// <param name="types">Reads events.</param>
/// <param name="open">Opens model versions.</param>
/// <param name="threads">People replayed at once, 1 or more.</param>
public sealed class ReplaySlates(EventReader reader, EventTypes types, OpenScorer open, int threads = 1)
{
    /// <summary>Slates that share one read of their people's streams: few enough to hold (some 30 MB), many enough that most people are read once.</summary>
    private const int SlatesAtOnce = 20_000;

    private static readonly string SlateStreamPrefix = StreamIds.Recommendations("");
    private readonly ReplayGround _ground = new(reader, types, open, new MovieNumbers(), new IdPool());

    /// <summary>
    /// Replays slates (events <c>recommendation_served</c>). The order of the results is free. Given stream by stream, each person's history is read about once,
    /// however many slates there are.
    /// </summary>
    public async IAsyncEnumerable<SlateReplay> RunAsync(IAsyncEnumerable<RecordedEvent> slates, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        List<RecordedEvent> group = new(SlatesAtOnce);
        await foreach (var slate in slates.WithCancellation(cancel))
        {
            group.Add(slate);
            if (group.Count < SlatesAtOnce)
                continue;
            await foreach (var replay in ReplayAsync(group, cancel))
                yield return replay;
            group.Clear();
        }
        await foreach (var replay in ReplayAsync(group, cancel))
            yield return replay;
    }

    /// <summary>One reader of the people's streams, several threads that replay their slates.</summary>
    private async IAsyncEnumerable<SlateReplay> ReplayAsync(IReadOnlyList<RecordedEvent> slates, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var people = Channel.CreateBounded<SlatesOfPerson>(new BoundedChannelOptions(64) { SingleWriter = true });
        var replays = Channel.CreateUnbounded<SlateReplay>();
        var reading = ReadAsync(slates, people.Writer, stop.Token);
        var replaying = Enumerable.Range(0, Math.Max(1, threads)).Select(_ => Task.Run(() => ReplayAsync(people.Reader, replays.Writer, stop.Token), stop.Token)).ToArray();
        var ending = EndAsync();
        try
        {
            await foreach (var replay in replays.Reader.ReadAllAsync(cancel))
                yield return replay;
        }
        finally
        {
            await stop.CancelAsync(); // whoever stops listening stops the work
            await ending;
        }

        async Task EndAsync()
        {
            try
            {
                await Task.WhenAll([reading, .. replaying]);
                replays.Writer.Complete();
            }
            catch (Exception e)
            {
                replays.Writer.Complete(e); // whoever listens gets it
            }
        }
    }

    private async Task ReadAsync(IReadOnlyList<RecordedEvent> slates, ChannelWriter<SlatesOfPerson> people, CancellationToken cancel)
    {
        try
        {
            var byPerson = slates.GroupBy(e => StreamIds.User(e.StreamId[SlateStreamPrefix.Length..]), StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
            List<RecordedEvent> history = [];
            await foreach (var e in reader.ReadStreamsAsync([.. byPerson.Keys], cancel))
            {
                if (history.Count > 0 && history[0].StreamId != e.StreamId)
                {
                    await NextAsync(history);
                    history = [];
                }
                history.Add(e);
            }
            if (history.Count > 0)
                await NextAsync(history);
            foreach (var unknown in byPerson.Values) // people of whom the log knows nothing
                await people.WriteAsync(new([], unknown), cancel);
            people.Complete();

            async ValueTask NextAsync(List<RecordedEvent> whole)
            {
                byPerson.Remove(whole[0].StreamId, out var of);
                await people.WriteAsync(new(whole, of!), cancel);
            }
        }
        catch (Exception e)
        {
            people.Complete(e); // ends the threads, too
            throw;
        }
    }

    private async Task ReplayAsync(ChannelReader<SlatesOfPerson> people, ChannelWriter<SlateReplay> replays, CancellationToken cancel)
    {
        var replay = new ReplayPerson(types, _ground);
        await foreach (var person in people.ReadAllAsync(cancel))
            foreach (var result in await replay.RunAsync(person, cancel))
                await replays.WriteAsync(result, cancel);
    }
}
