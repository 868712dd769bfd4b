using Recs.Contracts.Recommendations;
using Recs.Projections.UserHistory;
using Recs.Queries.Models;
using Recs.Queries.Serving;

namespace Recs.Queries.Replaying;

/// <summary>Compares a recorded slate with what a replay finds; the first difference in words, null if there is none.</summary>
internal static class SlateComparison
{
    /// <summary>The history that was folded, by version and digest.</summary>
    public static string? OfHistory(RecommendationServed slate, UserHistoryState state)
        => state.Version != slate.UserVersion
            ? $"history of user '{slate.UserId}': the slate was made from version {slate.UserVersion} of the stream, the log has version {state.Version} there"
            : state.DigestText != slate.UserDigest
                ? $"history of user '{slate.UserId}' was altered: digest {slate.UserDigest} was recorded through version {slate.UserVersion}, the log gives {state.DigestText}"
                : null;

    /// <summary>The movies, their order, the bits of their scores and of their predicted ratings, and what answered.</summary>
    public static string? OfItems(RecommendationServed slate, LiveModel model, Slate found)
    {
        if (slate.Scores.Count != slate.Items.Count)
            return $"{slate.Items.Count} items but {slate.Scores.Count} scores are recorded";
        if (slate.Items.Count != found.Items.Length)
            return $"{slate.Items.Count} items were served, the replay finds {found.Items.Length}";
        if (slate.Items.Count == 0 && slate.Fallback != Slate.NothingLeft)
            return null; // from before there was a word for it: what is recorded is what would have answered
        if (slate.Personalized != found.Personalized)
            return $"personalized is recorded as {slate.Personalized}, the replay finds {found.Personalized}";
        if (slate.Fallback != found.Fallback)
            return $"the fallback is recorded as '{slate.Fallback}', the replay finds '{found.Fallback}'";
        for (var i = 0; i < slate.Items.Count; i++)
        {
            var movie = model.Scorer.Movies[found.Items[i]];
            if (movie != slate.Items[i])
                return $"item {i + 1} was '{slate.Items[i]}', the replay finds '{movie}'";
            if (BitConverter.SingleToInt32Bits(slate.Scores[i]) != BitConverter.SingleToInt32Bits(found.Scores[i]))
                return $"score of item {i + 1} ('{movie}') was {slate.Scores[i]:R}, the replay finds {found.Scores[i]:R}";
        }
        return OfPredictedRatings(slate, model, found);
    }

    private static string? OfPredictedRatings(RecommendationServed slate, LiveModel model, Slate found)
    {
        var recorded = slate.PredictedRatings ?? [];
        if (recorded.Count != found.PredictedRatings.Length)
            return $"{recorded.Count} predicted ratings are recorded, the replay finds {found.PredictedRatings.Length}";
        for (var i = 0; i < recorded.Count; i++)
            if (BitConverter.SingleToInt32Bits(recorded[i]) != BitConverter.SingleToInt32Bits(found.PredictedRatings[i]))
                return $"predicted rating of item {i + 1} ('{model.Scorer.Movies[found.Items[i]]}') was {recorded[i]:R}, the replay finds {found.PredictedRatings[i]:R}";
        return null;
    }
}
