using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Recs.Contracts;
using Recs.Contracts.Recommendations;
using Recs.EventStore;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;
using Recs.Projections;
using Recs.Queries.Catalogue;
using Recs.Queries.Models;

namespace Recs.Queries.Replaying;

/// <summary>
/// Computes served slates again from the log alone: the person's stream up to the recorded version, the catalogue up to the recorded position, the recorded
/// model version with its bytes verified, the recorded policy; then compares bit for bit. One reader folds the people's streams while several threads score.
/// </summary>
/// <param name="reader">Reads the log.</param>
/// <param name="types">Reads events.</param>
/// <param name="open">Opens model versions.</param>
/// <param name="threads">Threads that score, 1 or more.</param>
public sealed class ReplaySlates(EventReader reader, EventTypes types, OpenScorer open, int threads = 1)
{
    /// <summary>Slates that share one read of their people's streams: few enough to hold (some 60 MB), many enough that most people are read once.</summary>
    private const int SlatesAtOnce = 20_000;

    private readonly ReplayGround _ground = new(reader, types, open, new MovieNumbers(), new IdPool());
    private readonly RecordedSlates _recorded = new(types);

    /// <summary>
    /// Replays slates (events <c>recommendation_served</c>). A <c>recommendation_observed</c> is no case for it: somebody else's service made that slate from a model, a history
    /// and a catalogue that this log does not hold, so there is nothing to compute it from. The order of the results is free. Given stream by stream, each person's history is read about once,
    /// however many slates there are.
    /// </summary>
    public async IAsyncEnumerable<SlateReplay> RunAsync(IAsyncEnumerable<RecordedEvent> slates, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        List<RecordedEvent> group = [];
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

    private async IAsyncEnumerable<SlateReplay> ReplayAsync(IReadOnlyList<RecordedEvent> slates, [EnumeratorCancellation] CancellationToken cancel)
    {
        Dictionary<string, List<RecommendationServed>> byStream = new(StringComparer.Ordinal);
        foreach (var (e, slate, damage) in slates.AsParallel().WithDegreeOfParallelism(threads).Select(e => (e, _recorded.Read(e, out var damage), damage)))
            if (slate is null)
                yield return new(e.Id.ToString("N"), Verdict.Different, damage);
            else if (byStream.TryGetValue(StreamIds.User(slate.UserId), out var others))
                others.Add(slate);
            else
                byStream.Add(StreamIds.User(slate.UserId), [slate]);
        await foreach (var replay in ReplayAsync(byStream, cancel))
            yield return replay;
    }

    private async IAsyncEnumerable<SlateReplay> ReplayAsync(Dictionary<string, List<RecommendationServed>> byStream, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var folded = Channel.CreateBounded<IReadOnlyList<FoldedSlate>>(new BoundedChannelOptions(64) { SingleWriter = true });
        var replays = Channel.CreateUnbounded<SlateReplay>();
        var work = WorkAsync();
        try
        {
            await foreach (var replay in replays.Reader.ReadAllAsync(cancel))
                yield return replay;
        }
        finally
        {
            await stop.CancelAsync(); // whoever stops listening stops the work
            await work;
        }

        async Task WorkAsync()
        {
            try
            {
                var scoring = Enumerable.Range(0, threads).Select(_ => Task.Run(() => ScoreAsync(folded.Reader, replays.Writer, stop.Token), stop.Token));
                await Task.WhenAll([FoldAsync(byStream, folded.Writer, stop.Token), .. scoring]);
                replays.Writer.Complete();
            }
            catch (Exception e)
            {
                replays.Writer.Complete(e); // whoever listens gets it
            }
        }
    }

    private async Task FoldAsync(Dictionary<string, List<RecommendationServed>> byStream, ChannelWriter<IReadOnlyList<FoldedSlate>> folded, CancellationToken cancel)
    {
        try
        {
            var fold = new HistoryFold(byStream, _ground.Ids, folded);
            await reader.FoldStreamsAsync([.. byStream.Keys], fold, cancel);
            await fold.EndAsync(cancel);
            foreach (var unknown in byStream.Values) // people of whom the log knows nothing
                await folded.WriteAsync(HistoryFold.Unknown(unknown), cancel);
            folded.Complete();
        }
        catch (Exception e)
        {
            folded.Complete(e); // ends the scoring, too
            throw;
        }
    }

    private async Task ScoreAsync(ChannelReader<IReadOnlyList<FoldedSlate>> folded, ChannelWriter<SlateReplay> replays, CancellationToken cancel)
    {
        var score = new ScoreAgain(_ground);
        await foreach (var slates in folded.ReadAllAsync(cancel))
            foreach (var slate in slates)
                await replays.WriteAsync(await score.RunAsync(slate), cancel);
    }
}
