using System.Text.Json;
using System.Text.Json.Serialization;
using Recs.Training.Evaluating;

namespace Recs.Training.Reporting;

/// <summary>A figure that somebody else found, or a peer on the same machine.</summary>
/// <param name="From">Who: <c>paper</c>, <c>peer</c>, and so on.</param>
/// <param name="Model">Their name of the model.</param>
/// <param name="Dataset">Name of the data set.</param>
/// <param name="Ratings">Its ratings, so that another data set of the name is not taken for it.</param>
/// <param name="Protocol">Protocol, folds included (<see cref="ReportNames.Protocol(EvaluationReport)"/>): it stands beside reports of this protocol alone.</param>
/// <param name="Metric">Such as <c>hr@10</c>, <c>ndcg@10</c>, <c>rmse</c>, <c>train s</c>.</param>
/// <param name="Value">The figure.</param>
/// <param name="Beside">The model of Recs that it is compared with; null for the best one.</param>
/// <param name="Source">Where it stands, or how it was found.</param>
/// <param name="Note">What keeps it from being the same measurement; null for nothing known.</param>
public sealed record PublishedFigure(
    string From, string Model, string Dataset, int Ratings, string Protocol, string Metric, double Value, string? Beside, string Source, string? Note = null);

/// <summary>The figures of others that reports are put beside: the file <c>published.json</c>.</summary>
public static class PublishedFigures
{
    private const string Resource = "published.json";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PublishedFigure> All { get; } = Read();

    /// <summary>Those of the data set and protocol of a report.</summary>
    public static IReadOnlyList<PublishedFigure> Of(EvaluationReport report)
        => [.. All.Where(f => f.Dataset == report.Dataset.Name && f.Ratings == report.Dataset.Ratings && f.Protocol == ReportNames.Protocol(report))];

    /// <summary>The same figure of a row with its 95 % interval, and which way it is better; null where the row has none.</summary>
    /// <param name="row">A row.</param>
    /// <param name="metric">As in <see cref="PublishedFigure.Metric"/>.</param>
    public static (double Value, double? Low, double? High, Better Better)? Ours(EvaluationRow row, string metric)
    {
        (double? Value, double? Low, double? High, Better Better) ours = metric.Split('@')[0] switch
        {
            "hr" => (row.Hr, row.HrLow, row.HrHigh, Better.Higher),
            "ndcg" => (row.Ndcg, row.NdcgLow, row.NdcgHigh, Better.Higher),
            "rmse" => (row.Rmse, row.RmseLow, row.RmseHigh, Better.Lower),
            "train s" => (row.TrainSeconds, null, null, Better.Lower),
            "CPU s" => (row.CpuSeconds, null, null, Better.Lower),
            "MiB" => (row.SizeMiB, null, null, Better.Lower),
            "p50 ms" => (row.P50Ms, null, null, Better.Lower),
            "users/s" => (row.UsersPerSecond, null, null, Better.Higher),
            _ => throw new ArgumentException($"There is no metric '{metric}'.", nameof(metric)),
        };
        return ours.Value is { } value ? (value, ours.Low, ours.High, ours.Better) : null;
    }

    private static PublishedFigure[] Read()
    {
        using var file = typeof(PublishedFigures).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{Resource} is not in the assembly.");
        return JsonSerializer.Deserialize(file, PublishedJson.Default.PublishedFigureArray) ?? [];
    }
}

/// <summary>How <c>published.json</c> is read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(PublishedFigure[]))]
internal sealed partial class PublishedJson : JsonSerializerContext;
