using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Recs.Contracts;
using Recs.Contracts.Callers;
using Recs.Projections.OnlineMetrics;

namespace Recs.Queries.OnlineMetrics;

/// <summary><c>GET /metrics/online</c>: what became of the slates.</summary>
public static class OnlineMetricsRoute
{
    /// <summary>Maps the route.</summary>
    public static void MapOnlineMetrics(this IEndpointRouteBuilder routes)
        => routes.MapGet("/metrics/online", AnswerAsync).RequireAuthorization(AccessPolicies.Trusted)
            .WithName("OnlineMetrics").WithTags("Monitoring").WithSummary("Success, watch-through, click-through, rating error and session length per model, version and variant")
            .WithDescription("Counts, rates and 95 % intervals of one channel, from slates joined with what the same person watched, rated and opened afterwards; throughSequence says through which log position.")
            .Produces<OnlineReport>().ProducesValidationProblem().ProducesProblem(401).ProducesProblem(403).ProducesProblem(503);

    private static async Task<IResult> AnswerAsync(
        HttpContext http, OnlineMetricsReader reader,
        [RegularExpression("^(live|probe|tester|simulated|shadow|imported)$"), Description("The channel of the slates. Channels are never mixed."), DefaultValue("live")] string? channel,
        [StringLength(64), Description("One metric, by the name of its definition, or session-length; without it all.")] string? metric,
        [StringLength(EntityId.MaxLength), Description("One model or model version; without it all.")] string? model,
        [Description("Only hours that begin at this time or later: ISO 8601 with an offset.")] string? from,
        [Description("Only hours that begin before this time: ISO 8601 with an offset.")] string? to,
        [RegularExpression("^(all|day|hour)$"), Description("How figures are cut in time, by the moment of the slate, UTC."), DefaultValue("all")] string? bucket,
        CancellationToken cancel)
    {
        var wrong = new Dictionary<string, string[]>();
        foreach (var name in http.Request.Query.Keys.Where(n => n is not ("channel" or "metric" or "model" or "from" or "to" or "bucket")))
            wrong[name] = ["No such parameter. Known: channel, metric, model, from, to, bucket."];
        if (channel is not null && !OnlineQuery.Channels.Contains(channel, StringComparer.Ordinal))
            wrong["channel"] = [$"One of {string.Join(", ", OnlineQuery.Channels)}."];
        foreach (var (name, id) in new[] { ("metric", metric), ("model", model) })
            if (id is not null && !EntityId.IsValid(id))
                wrong[name] = [$"A name is {EntityId.Rule}."];
        var (first, end) = (Time("from", from, wrong), Time("to", to, wrong));
        if (first >= end)
            wrong["to"] = ["It must be later than 'from'."];
        var cut = TimeBucket.All;
        if (bucket is not null && (!Enum.TryParse(bucket, ignoreCase: true, out cut) || !bucket.Equals(cut.ToString(), StringComparison.OrdinalIgnoreCase)))
            wrong["bucket"] = [$"Expected all, day or hour, found '{bucket}'."];
        if (metric is not null && !wrong.ContainsKey("metric") && metric != MetricDefinition.SessionLength
            && await reader.DefinitionsAsync(cancel) is var known && !known.Any(d => d.Name == metric))
            wrong["metric"] = [$"No metric '{metric}'. Known: {string.Join(", ", known.Select(d => d.Name).Append(MetricDefinition.SessionLength))}."];
        if (wrong.Count > 0)
            return Results.ValidationProblem(wrong, title: "The request is not valid.");
        try
        {
            return Results.Json(await reader.ReportAsync(new(channel ?? "live", metric, model, first, end, cut), cancel), OnlineMetricsJson.Default.OnlineReport);
        }
        catch (TooManyFiguresException e)
        {
            return Results.ValidationProblem(new Dictionary<string, string[]> { ["bucket"] = [e.Message] }, title: "The answer would be too large.");
        }
    }

    private static DateTimeOffset? Time(string name, string? text, Dictionary<string, string[]> wrong)
    {
        if (text is null)
            return null;
        // In a query '+' means a space: an offset written '+02:00' arrives as ' 02:00'.
        if (DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year is > 1 and < 9999)
            return time.ToUniversalTime();
        wrong[name] = [$"Expected a time such as 2026-01-31T12:00:00Z, found '{text}'."];
        return null;
    }
}

/// <summary>How online metrics are written: camelCase.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(OnlineReport))]
internal sealed partial class OnlineMetricsJson : JsonSerializerContext;
