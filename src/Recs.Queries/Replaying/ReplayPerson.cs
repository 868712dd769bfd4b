using Recs.Contracts;
using Recs.Contracts.Recommendations;
using Recs.EventStore;
using Recs.EventStore.Evolving;
using Recs.Projections.UserHistory;
using Recs.Queries.Catalogue;
using Recs.Queries.Serving;
using Recs.Queries.UserStates;

namespace Recs.Queries.Replaying;

/// <summary>A person's whole stream and slates that were made from it.</summary>
/// <param name="History">Events of <c>user-{id}</c>, in order; none if the log does not know the person.</param>
/// <param name="Slates">Events <c>recommendation_served</c>.</param>
internal sealed record SlatesOfPerson(IReadOnlyList<RecordedEvent> History, IReadOnlyList<RecordedEvent> Slates);

/// <summary>Replays the slates of one person after the other, on one thread: the history is folded once, from slate to slate.</summary>
internal sealed class ReplayPerson(EventTypes types, ReplayGround ground)
{
    private readonly Slate _found = new();
    private UserHistoryState _state = UserHistoryState.Empty;
    private KnownUser? _user;
    private int _folded;

    /// <summary>Replays the person's slates.</summary>
    public async ValueTask<IReadOnlyList<SlateReplay>> RunAsync(SlatesOfPerson person, CancellationToken cancel)
    {
        List<SlateReplay> replays = [];
        List<RecommendationServed> slates = [];
        foreach (var e in person.Slates)
            if (Read(e, out var damage) is { } slate)
                slates.Add(slate);
            else
                replays.Add(new(e.Id.ToString("N"), Verdict.Different, damage));
        slates.Sort((a, b) => a.UserVersion.CompareTo(b.UserVersion));
        var erased = person.History.Any(e => e.Type == EventAliases.UserErased);
        (_state, _user, _folded) = (UserHistoryState.Empty, null, 0);
        foreach (var slate in slates)
        {
            var difference = erased ? null : await DifferenceAsync(slate, person.History, cancel);
            replays.Add(new(slate.RequestId, erased ? Verdict.Erased : difference is null ? Verdict.Identical : Verdict.Different, difference));
        }
        return replays;
    }

    private RecommendationServed? Read(RecordedEvent e, out string? damage)
    {
        damage = null;
        try
        {
            var slate = (RecommendationServed)types.Decode(e);
            // What a tampering hand removed comes back as null, whatever the contract says.
            object?[] needed = [slate.RequestId, slate.UserId, slate.Items, slate.Scores, slate.Model, slate.ModelVersion, slate.UserDigest, slate.Policy];
            damage = needed.Contains(null) ? $"event {e.Sequence} lacks a property that a slate must have"
                : slate.K is < 1 or > Slate.MostItems ? $"event {e.Sequence} asks for {slate.K} movies; a slate has 1 to {Slate.MostItems}"
                : StreamIds.Recommendations(slate.UserId) != e.StreamId ? $"event {e.Sequence} names user '{slate.UserId}', but it stands in the stream '{e.StreamId}'"
                : null;
            return damage is null ? slate : null;
        }
        catch (UnreadableEventException unreadable)
        {
            damage = unreadable.Message;
            return null;
        }
    }

    private async ValueTask<string?> DifferenceAsync(RecommendationServed slate, IReadOnlyList<RecordedEvent> history, CancellationToken cancel)
    {
        if (FoldThrough(slate.UserVersion, history) is { } unreadable)
            return unreadable;
        if (SlateComparison.OfHistory(slate, _state) is { } altered)
            return altered;
        try
        {
            var (model, damage) = await ground.ModelAsync(slate);
            if (model is null)
                return damage;
            if (model.Scorer.ScorerVersion != slate.ScorerVersion)
                return $"scored by scorer version {slate.ScorerVersion}; this code has version {model.Scorer.ScorerVersion}";
            var rules = SlateRules.Of(slate.Policy);
            var catalogue = rules.ReadCatalogue ? await ground.CatalogueAsync(slate.CatalogueSequence, cancel) : CatalogueState.Empty;
            if (rules.ReadCatalogue && catalogue.Sequence != slate.CatalogueSequence)
                return $"the slate was made from the catalogue through log position {slate.CatalogueSequence}; the log's last catalogue event there is {catalogue.Sequence}";
            _found.Find(model, catalogue, (_user ??= KnownUser.Of(_state, ground.Numbers)).Movies, rules, slate.K);
            return SlateComparison.OfItems(slate, model, _found);
        }
        catch (Exception e) when (e is NotSupportedException or UnreadableEventException)
        {
            return e.Message;
        }
    }

    /// <summary>Folds on to a version; from the start again only if it lies behind, which the order of the slates rules out but for equal ones.</summary>
    private string? FoldThrough(long version, IReadOnlyList<RecordedEvent> history)
    {
        for (; _folded < history.Count && history[_folded].Version <= version; _folded++)
            try
            {
                (_state, _user) = (_state.Apply(history[_folded], ground.Ids), null);
            }
            catch (Exception broken) when (broken is FormatException or System.Text.Json.JsonException)
            {
                var e = history[_folded];
                return $"event {e.Sequence} ({e.Type}, version {e.Version} of '{e.StreamId}') cannot be read: {broken.Message}";
            }
        return null;
    }
}
