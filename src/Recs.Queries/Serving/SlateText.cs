using Recs.Queries.Catalogue;

namespace Recs.Queries.Serving;

/// <summary>
/// Writes a slate as the event that the log keeps and as the answer that the caller gets. By hand, because it is done for every request: ids and names hold
/// no character that JSON escapes (see <see cref="Contracts.EntityId"/>), genres and excluded ids are the rare rest.
/// </summary>
internal static class SlateText
{
    /// <summary>The body of <c>recommendation_served</c>, as <see cref="Contracts.EventJson"/> reads it.</summary>
    public static void WriteEvent(Utf8Text text, in ServedSlate served, Slate slate)
    {
        var manifest = served.Model.Manifest;
        text.Clear().Add("{\"RequestId\":\""u8).Add(served.RequestId.ToString("N"))
            .Add("\",\"UserId\":\""u8).Add(served.Query.UserId).Add("\",\"K\":"u8).Add(served.Query.K).Add(",\"Items\":["u8);
        for (var i = 0; i < slate.Items.Length; i++)
            text.Add(i == 0 ? ""u8 : ","u8).Add(served.Model.QuotedIds[slate.Items[i]]);
        text.Add("],\"Scores\":["u8);
        for (var i = 0; i < slate.Items.Length; i++)
            text.Add(i == 0 ? ""u8 : ","u8).Add(slate.Scores[i]);
        text.Add("],\"Model\":\""u8).Add(manifest.Model).Add("\",\"ModelVersion\":\""u8).Add(manifest.Version)
            .Add("\",\"ScorerVersion\":"u8).Add(served.Model.Scorer.ScorerVersion)
            .Add(",\"Channel\":\""u8).Add(served.Channel)
            .Add(slate.Personalized ? "\",\"Personalized\":true"u8 : "\",\"Personalized\":false,\"Fallback\":\"cold-start\""u8)
            .Add(",\"UserVersion\":"u8).Add(served.User.State.Version)
            .Add(",\"UserDigest\":\""u8).Add(served.User.State.DigestText)
            .Add("\",\"ThroughSequence\":"u8).Add(served.ThroughSequence)
            .Add(",\"CatalogueSequence\":"u8).Add(served.Catalogue.Sequence)
            .Add(",\"Policy\":{\"V\":"u8).Add(SlateFilter.PolicyVersion);
        if (served.Filter.Genre is { } genre)
            text.Add(",\"Genre\":"u8).AddJson(genre);
        if (served.Filter.Exclude.Count > 0)
        {
            text.Add(",\"Exclude\":["u8);
            for (var i = 0; i < served.Filter.Exclude.Count; i++)
                text.Add(i == 0 ? "\""u8 : ",\""u8).Add(served.Filter.Exclude[i]).Add("\""u8);
            text.Add("]"u8);
        }
        text.Add("},\"LatencyMs\":"u8).AddMilliseconds(served.LatencyMs).Add(",\"At\":\""u8).AddMoment(served.At).Add("\"}"u8);
    }

    /// <summary>The JSON answer of <c>GET /recommend</c>.</summary>
    public static void WriteAnswer(Utf8Text text, in ServedSlate served, Slate slate)
    {
        var manifest = served.Model.Manifest;
        text.Clear().Add("{\"requestId\":\""u8).Add(served.RequestId.ToString("N")).Add("\",\"userId\":\""u8).Add(served.Query.UserId).Add("\",\"items\":["u8);
        for (var i = 0; i < slate.Items.Length; i++)
        {
            var dense = slate.Items[i];
            var number = served.Model.Numbers[dense];
            var movie = served.Catalogue.Find(number) ?? Movie.Unknown(served.Model.Scorer.Movies[dense]);
            text.Add(i == 0 ? "{"u8 : ",{"u8).Add(movie.JsonFields.Span).Add(",\"score\":"u8).Add(slate.Scores[i]).Add(",\"reasons\":[]}"u8);
        }
        text.Add("],\"model\":\""u8).Add(manifest.Model).Add("\",\"modelVersion\":\""u8).Add(manifest.Version)
            .Add("\",\"assignments\":[],\"personalized\":"u8).Add(slate.Personalized ? "true"u8 : "false,\"fallback\":\"cold-start\""u8)
            .Add(",\"userVersion\":"u8).Add(served.User.State.Version)
            .Add(",\"throughSequence\":"u8).Add(served.ThroughSequence).Add(",\"servedAt\":\""u8).AddMoment(served.At).Add("\"}"u8);
    }

    /// <summary>The ids in one comma-separated line, nothing else.</summary>
    public static void WriteIds(Utf8Text text, in ServedSlate served, Slate slate)
    {
        text.Clear();
        for (var i = 0; i < slate.Items.Length; i++)
            text.Add(i == 0 ? ""u8 : ","u8).Add(served.Model.Scorer.Movies[slate.Items[i]]);
    }
}
