using System.Runtime.CompilerServices;
using Recs.Contracts;
using Recs.Contracts.Recommendations;
using Recs.Contracts.Registry;
using Recs.EventStore;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;
using Recs.Projections;
using Recs.Projections.UserHistory;
using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Queries.Serving;
using Recs.Queries.UserStates;
using Recs.Training.Artifacts;

namespace Recs.Queries.Replaying;

/// <summary>How a replay ended.</summary>
public enum Verdict
{
    /// <summary>The same movies in the same order with the same score bits.</summary>
    Identical,
    /// <summary>Something differs or is damaged; the difference is named.</summary>
    Different,
    /// <summary>The person was erased; nothing can be compared.</summary>
    Erased,
}

/// <summary>The replay of one slate.</summary>
/// <param name="RequestId">Which slate.</param>
/// <param name="Verdict">How it ended.</param>
/// <param name="Difference">What differs; null if nothing does.</param>
public sealed record SlateReplay(string RequestId, Verdict Verdict, string? Difference);

/// <summary>
/// Computes served slates again from the log alone: the person's stream up to the recorded version, the catalogue up to the recorded position, the recorded
/// model version with its bytes verified, the recorded policy; then compares bit for bit.
/// </summary>
public sealed class ReplaySlates(EventReader reader, EventTypes types, OpenScorer open)
{
    private const int SlatesAtOnce = 5_000;
    private readonly MovieNumbers _numbers = new();
    private readonly IdPool _ids = new();
    private readonly Slate _slate = new();
    private readonly Dictionary<string, (LiveModel? Model, string? Damage)> _models = new(StringComparer.Ordinal);
    private readonly Dictionary<long, CatalogueState> _catalogues = [];

    /// <summary>Replays slates (events <c>recommendation_served</c>), in groups that share one read of their people's streams. The order of the results is free.</summary>
    public async IAsyncEnumerable<SlateReplay> RunAsync(IAsyncEnumerable<RecordedEvent> slates, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        List<RecommendationServed> group = [];
        await foreach (var e in slates.WithCancellation(cancel))
        {
            var (slate, damage) = Read(e);
            if (slate is null)
                yield return new(e.Id.ToString("N"), Verdict.Different, damage);
            else
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

    private (RecommendationServed? Slate, string? Damage) Read(RecordedEvent e)
    {
        try
        {
            var slate = (RecommendationServed)types.Decode(e);
            // What a tampering hand removed comes back as null, whatever the contract says.
            object?[] needed = [slate.RequestId, slate.UserId, slate.Items, slate.Scores, slate.Model, slate.ModelVersion, slate.UserDigest, slate.Policy];
            return needed.Contains(null) ? (null, $"event {e.Sequence} lacks a property that a slate must have")
                : slate.K is < 1 or > Slate.MostItems ? (null, $"event {e.Sequence} asks for {slate.K} movies; a slate has 1 to {Slate.MostItems}")
                : (slate, null);
        }
        catch (UnreadableEventException unreadable)
        {
            return (null, unreadable.Message);
        }
    }

    private async IAsyncEnumerable<SlateReplay> ReplayAsync(IReadOnlyList<RecommendationServed> slates, [EnumeratorCancellation] CancellationToken cancel)
    {
        var byStream = slates.GroupBy(s => StreamIds.User(s.UserId), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.OrderBy(s => s.UserVersion).ToList(), StringComparer.Ordinal);
        List<RecordedEvent> history = [];
        await foreach (var e in reader.ReadStreamsAsync(byStream.Keys, cancel))
        {
            if (history.Count > 0 && history[0].StreamId != e.StreamId)
            {
                byStream.Remove(history[0].StreamId, out var of);
                foreach (var slate in of!)
                    yield return await ReplayAsync(slate, history, cancel);
                history.Clear();
            }
            history.Add(e);
        }
        if (history.Count > 0)
        {
            byStream.Remove(history[0].StreamId, out var of);
            foreach (var slate in of!)
                yield return await ReplayAsync(slate, history, cancel);
        }
        foreach (var slate in byStream.Values.SelectMany(s => s)) // people of whom the log knows nothing
            yield return await ReplayAsync(slate, [], cancel);
    }

    private async Task<SlateReplay> ReplayAsync(RecommendationServed slate, List<RecordedEvent> history, CancellationToken cancel)
    {
        if (history.Exists(e => e.Type == EventAliases.UserErased))
            return new(slate.RequestId, Verdict.Erased, null);
        var state = UserHistoryState.Empty;
        foreach (var e in history)
        {
            if (e.Version > slate.UserVersion)
                break;
            try
            {
                state = state.Apply(e, _ids);
            }
            catch (Exception broken) when (broken is FormatException or System.Text.Json.JsonException)
            {
                return new(slate.RequestId, Verdict.Different, $"event {e.Sequence} ({e.Type}, version {e.Version} of '{e.StreamId}') cannot be read: {broken.Message}");
            }
        }
        return await ReplayAsync(slate, state, cancel);
    }

    private async Task<SlateReplay> ReplayAsync(RecommendationServed slate, UserHistoryState state, CancellationToken cancel)
    {
        if (HistoryDifference(slate, state) is { } damage)
            return new(slate.RequestId, Verdict.Different, damage);
        var (model, trouble) = await ModelAsync(slate, cancel);
        if (model is null)
            return new(slate.RequestId, Verdict.Different, trouble);
        try
        {
            var rules = SlateRules.Of(slate.Policy);
            var catalogue = rules.ReadCatalogue ? await CatalogueAsync(slate.CatalogueSequence, cancel) : CatalogueState.Empty;
            if (model.Scorer.ScorerVersion != slate.ScorerVersion)
                return new(slate.RequestId, Verdict.Different, $"scored by scorer version {slate.ScorerVersion}; this code has version {model.Scorer.ScorerVersion}");
            _slate.Find(model, catalogue, KnownUser.Of(state, _numbers).Movies, rules, slate.K);
        }
        catch (Exception e) when (e is NotSupportedException or FormatException or UnreadableEventException)
        {
            return new(slate.RequestId, Verdict.Different, e.Message);
        }
        var difference = SlateDifference(slate, model);
        return new(slate.RequestId, difference is null ? Verdict.Identical : Verdict.Different, difference);
    }

    private static string? HistoryDifference(RecommendationServed slate, UserHistoryState state)
        => state.Version != slate.UserVersion
            ? $"history of user '{slate.UserId}': the slate was made from version {slate.UserVersion} of the stream, the log has version {state.Version} there"
            : state.DigestText != slate.UserDigest
                ? $"history of user '{slate.UserId}' was altered: digest {slate.UserDigest} was recorded through version {slate.UserVersion}, the log gives {state.DigestText}"
                : null;

    private string? SlateDifference(RecommendationServed slate, LiveModel model)
    {
        if (slate.Scores.Count != slate.Items.Count)
            return $"{slate.Items.Count} items but {slate.Scores.Count} scores are recorded";
        if (slate.Items.Count != _slate.Items.Length)
            return $"{slate.Items.Count} items were served, the replay finds {_slate.Items.Length}";
        if (slate.Personalized != _slate.Personalized)
            return $"personalized is recorded as {slate.Personalized}, the replay finds {_slate.Personalized}";
        for (var i = 0; i < slate.Items.Count; i++)
        {
            var movie = model.Scorer.Movies[_slate.Items[i]];
            if (movie != slate.Items[i])
                return $"item {i + 1} was '{slate.Items[i]}', the replay finds '{movie}'";
            if (BitConverter.SingleToInt32Bits(slate.Scores[i]) != BitConverter.SingleToInt32Bits(_slate.Scores[i]))
                return $"score of item {i + 1} ('{movie}') was {slate.Scores[i]:R}, the replay finds {_slate.Scores[i]:R}";
        }
        return null;
    }

    private async Task<(LiveModel? Model, string? Damage)> ModelAsync(RecommendationServed slate, CancellationToken cancel)
    {
        if (_models.TryGetValue(slate.ModelVersion, out var known))
            return known;
        known = (null, $"the log holds no training of '{slate.ModelVersion}'");
        await foreach (var e in reader.ReadStreamAsync(StreamIds.Model(slate.Model), cancel: cancel))
            if (e.Type == EventAliases.ModelTrained && types.Decode(e) is ModelTrained manifest && manifest.Version == slate.ModelVersion)
                known = Open(manifest);
        return _models[slate.ModelVersion] = known;
    }

    private (LiveModel?, string?) Open(ModelTrained manifest)
    {
        try
        {
            return (new LiveModel(manifest, open(manifest), _numbers), null);
        }
        catch (Exception e) when (e is DamagedArtifactException or ArtifactNotFoundException)
        {
            return (null, e.Message);
        }
    }

    private async Task<CatalogueState> CatalogueAsync(long sequence, CancellationToken cancel)
    {
        if (_catalogues.TryGetValue(sequence, out var known))
            return known;
        List<(long, Movie)> events = [];
        await foreach (var e in reader.ReadLogAsync(0, sequence, CatalogueState.Types, cancel))
            try
            {
                events.Add((e.Sequence, CatalogueState.Read(types.Decode(e))));
            }
            catch (Exception broken) when (broken is FormatException or UnreadableEventException)
            {
                // The serving node left it out as well; check names it.
            }
        return _catalogues[sequence] = CatalogueState.Empty.With(events, _numbers);
    }
}
