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

    /// <summary>The movies, their order and the bits of their scores.</summary>
    public static string? OfItems(RecommendationServed slate, LiveModel model, Slate found)
    {
        if (slate.Scores.Count != slate.Items.Count)
            return $"{slate.Items.Count} items but {slate.Scores.Count} scores are recorded";
        if (slate.Items.Count != found.Items.Length)
            return $"{slate.Items.Count} items were served, the replay finds {found.Items.Length}";
        if (slate.Personalized != found.Personalized)
            return $"personalized is recorded as {slate.Personalized}, the replay finds {found.Personalized}";
        for (var i = 0; i < slate.Items.Count; i++)
        {
            var movie = model.Scorer.Movies[found.Items[i]];
            if (movie != slate.Items[i])
                return $"item {i + 1} was '{slate.Items[i]}', the replay finds '{movie}'";
            if (BitConverter.SingleToInt32Bits(slate.Scores[i]) != BitConverter.SingleToInt32Bits(found.Scores[i]))
                return $"score of item {i + 1} ('{movie}') was {slate.Scores[i]:R}, the replay finds {found.Scores[i]:R}";
        }
        return null;
    }
}
