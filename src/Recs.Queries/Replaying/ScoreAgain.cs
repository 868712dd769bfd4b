using Recs.Contracts.Recommendations;
using Recs.EventStore.Evolving;
using Recs.Projections.UserHistory;
using Recs.Queries.Catalogue;
using Recs.Queries.Serving;
using Recs.Queries.UserStates;

namespace Recs.Queries.Replaying;

/// <summary>Finds a recorded slate again from its history, and compares. One thread at a time.</summary>
internal sealed class ScoreAgain(ReplayGround ground)
{
    private readonly Slate _found = new();
    private UserHistoryState? _state;
    private KnownUser? _user;

    /// <summary>Replays one slate.</summary>
    public async ValueTask<SlateReplay> RunAsync(FoldedSlate folded)
    {
        if (folded.Erased)
            return new(folded.Slate.RequestId, Verdict.Erased, null);
        var difference = folded.Damage ?? SlateComparison.OfHistory(folded.Slate, folded.History) ?? await DifferenceAsync(folded.Slate, folded.History);
        return new(folded.Slate.RequestId, difference is null ? Verdict.Identical : Verdict.Different, difference);
    }

    private async ValueTask<string?> DifferenceAsync(RecommendationServed slate, UserHistoryState history)
    {
        try
        {
            var (model, damage) = await ground.ModelAsync(slate);
            if (model is null)
                return damage;
            if (model.Scorer.ScorerVersion != slate.ScorerVersion)
                return $"scored by scorer version {slate.ScorerVersion}; this code has version {model.Scorer.ScorerVersion}";
            var rules = SlateRules.Of(slate.Policy);
            var read = rules.ReadCatalogue || model.ReadsCatalogue;
            var catalogue = read ? await ground.CatalogueAsync(slate.CatalogueSequence) : CatalogueState.Empty;
            if (read && catalogue.Sequence != slate.CatalogueSequence)
                return $"the slate was made from the catalogue through log position {slate.CatalogueSequence}; the log's last catalogue event there is {catalogue.Sequence}";
            var over = model.Over(catalogue);
            _found.Find(over, catalogue, UserOf(history), rules, slate.K);
            return SlateComparison.OfItems(slate, over, _found);
        }
        catch (Exception e) when (e is NotSupportedException or UnreadableEventException)
        {
            return e.Message;
        }
    }

    /// <summary>Slates of one person come one after the other, often of the same version.</summary>
    private KnownUser UserOf(UserHistoryState history)
    {
        if (!ReferenceEquals(_state, history))
            (_state, _user) = (history, KnownUser.Of(history, ground.Numbers));
        return _user!;
    }
}
