using Recs.Queries.Catalogue;

namespace Recs.Queries.Serving;

/// <summary>
/// Writes a slate as the event that the log keeps and as the answer that the caller gets. By hand, because it is done for every request: ids and names hold
/// no character that JSON escapes (see <see cref="Contracts.EntityId"/>), genres and excluded ids are the rare rest.
/// </summary>
internal static class SlateText
{
    /// <summary>The body of <c>recommendation_served</c>, as <see cref="Contracts.EventJson"/> reads it.</summary>
    public static void WriteEvent(Utf8Text text, in ServedSlate served, Slate slate, string build)
    {
        var (model, catalogue, user, through) = served.Ground;
        var (manifest, rules) = (model.Manifest, served.Rules);
        text.Clear().Add("{\"RequestId\":\""u8).Add(served.RequestId.ToString("N"))
            .Add("\",\"UserId\":\""u8).Add(served.Query.UserId).Add("\",\"K\":"u8).Add(served.Query.K).Add(",\"Items\":["u8);
        for (var i = 0; i < slate.Items.Length; i++)
            text.Add(i == 0 ? ""u8 : ","u8).Add(model.QuotedIds[slate.Items[i]]);
        text.Add("],\"Scores\":["u8);
        for (var i = 0; i < slate.Items.Length; i++)
            text.Add(i == 0 ? ""u8 : ","u8).Add(slate.Scores[i]);
        for (var i = 0; i < slate.PredictedRatings.Length; i++)
            text.Add(i == 0 ? "],\"PredictedRatings\":["u8 : ","u8).Add(slate.PredictedRatings[i]);
        text.Add("],\"Model\":\""u8).Add(manifest.Model).Add("\",\"ModelVersion\":\""u8).Add(manifest.Version)
            .Add("\",\"ScorerVersion\":"u8).Add(model.Scorer.ScorerVersion)
            .Add(",\"Channel\":\""u8).Add(served.Channel);
        AddPersonalized(text, slate, "\",\"Personalized\":true"u8, "\",\"Personalized\":false,\"Fallback\":\""u8)
            .Add(",\"UserVersion\":"u8).Add(user.State.Version)
            .Add(",\"UserDigest\":\""u8).Add(user.State.DigestText)
            .Add("\",\"ThroughSequence\":"u8).Add(through)
            .Add(",\"CatalogueSequence\":"u8).Add(catalogue.Sequence)
            .Add(",\"Policy\":{\"V\":"u8).Add(rules.Version);
        if (rules.Genre is { } genre)
            text.Add(",\"Genre\":"u8).AddJson(genre);
        if (rules.Exclude.Count > 0)
        {
            text.Add(",\"Exclude\":["u8);
            for (var i = 0; i < rules.Exclude.Count; i++)
                text.Add(i == 0 ? "\""u8 : ",\""u8).Add(rules.Exclude[i]).Add("\""u8);
            text.Add("]"u8);
        }
        if (rules.Rerank is { } rerank)
            (rules.Version == SlateRules.DiversityVersion ? text.Add(",\"Diversity\":"u8) : text.Add(",\"Reranker\":\""u8).Add(rerank.Name).Add("\",\"Weight\":"u8)).Add(rerank.Weight);
        text.Add("},\"LatencyMs\":"u8).AddRounded(served.LatencyMs, 3).Add(",\"At\":\""u8).AddMoment(served.At).Add("\",\"Build\":\""u8).Add(build).Add("\"}"u8);
    }

    /// <summary>The JSON answer of <c>GET /recommend</c>; with the reasons of each item if they were asked for.</summary>
    public static void WriteAnswer(Utf8Text text, in ServedSlate served, Slate slate, SlateReasons reasons)
    {
        var (model, catalogue, user, through) = served.Ground;
        text.Clear().Add("{\"requestId\":\""u8).Add(served.RequestId.ToString("N")).Add("\",\"userId\":\""u8).Add(served.Query.UserId).Add("\",\"items\":["u8);
        var noise = served.Exact ? default : DisplayedScores.Noise(model, served.RequestId);
        for (var i = 0; i < slate.Items.Length; i++)
        {
            var score = served.Exact ? slate.Scores[i] : DisplayedScores.Shown(slate.Scores[i], noise, i);
            var dense = slate.Items[i];
            var movie = catalogue.Find(model.Numbers[dense]) ?? Movie.Unknown(model.Scorer.Movies[dense]);
            text.Add(i == 0 ? "{"u8 : ",{"u8).Add(movie.JsonFields.Span).Add(",\"score\":"u8).Add(score);
            if (!slate.PredictedRatings.IsEmpty)
                text.Add(",\"predictedRating\":"u8).Add(served.Exact ? slate.PredictedRatings[i] : DisplayedScores.Shown(slate.PredictedRatings[i], noise, Slate.MostItems + i));
            text.Add(",\"reasons\":"u8);
            if (served.Query.Explain)
                reasons.Write(text, served, slate, i);
            else
                text.Add("[]"u8);
            text.Add("}"u8);
        }
        text.Add("],\"model\":\""u8).Add(model.Manifest.Model).Add("\",\"modelVersion\":\""u8).Add(model.Manifest.Version).Add("\",\"assignments\":[],"u8);
        AddPersonalized(text, slate, "\"personalized\":true"u8, "\"personalized\":false,\"fallback\":\""u8)
            .Add(",\"userVersion\":"u8).Add(user.State.Version)
            .Add(",\"throughSequence\":"u8).Add(through).Add(served.Recorded ? ",\"recorded\":true"u8 : ",\"recorded\":false"u8)
            .Add(",\"servedAt\":\""u8).AddMoment(served.At).Add("\""u8);
        if (slate.Items.IsEmpty)
            text.Add(",\"remark\":"u8).AddJson(WhyEmpty(served, slate));
        text.Add("}"u8);
    }

    private static string WhyEmpty(in ServedSlate served, Slate slate)
    {
        var (known, seen) = (served.Ground.Model.Numbers.Length, slate.History.Length);
        return seen == known
            ? $"Nothing is left to recommend: of the {known} movies that {served.Ground.Model.Manifest.Version} knows, this person has seen every one."
            : $"Nothing is left to recommend: of the {known} movies that {served.Ground.Model.Manifest.Version} knows, this person has seen {seen}, and the request leaves out the others"
                + $"{(served.Rules.Genre is { } genre ? $" (it asks for {genre})" : "")}.";
    }

    /// <summary>The ids in one comma-separated line, nothing else.</summary>
    public static void WriteIds(Utf8Text text, in ServedSlate served, Slate slate)
    {
        text.Clear();
        for (var i = 0; i < slate.Items.Length; i++)
            text.Add(i == 0 ? ""u8 : ","u8).Add(served.Ground.Model.Scorer.Movies[slate.Items[i]]);
    }

    private static Utf8Text AddPersonalized(Utf8Text text, Slate slate, ReadOnlySpan<byte> yes, ReadOnlySpan<byte> no)
        => slate.Fallback is { } fallback ? text.Add(no).Add(fallback).Add("\""u8) : text.Add(yes);
}
