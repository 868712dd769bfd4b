using System.Globalization;
using Recs.Training.Evaluating;
using Recs.Training.Evaluating.Protocols;

namespace Recs.Training.Reporting;

/// <summary>What reports, their protocols and their files are called.</summary>
public static class ReportNames
{
    /// <summary>A protocol's name, with its folds where there are several: figures of one draw and of folds are not compared.</summary>
    public static string Protocol(string name, int folds) => folds == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{folds}-fold");

    /// <inheritdoc cref="Protocol(string, int)"/>
    public static string Protocol(EvaluationReport report) => Protocol(report.Protocol, report.Folds);

    /// <inheritdoc cref="Protocol(string, int)"/>
    public static string Protocol(IProtocol protocol) => Protocol(protocol.Name, (protocol as RandomRatings)?.Folds ?? 1);

    /// <summary>The file of a report: data set and protocol. What a file's name may not hold becomes a dash.</summary>
    public static string File(string dataset, string protocol)
        => string.Concat(dataset.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '-')) + "-" + protocol + ".json";

    /// <summary>What a protocol asks, in a sentence or two.</summary>
    public static string Question(string protocol) => protocol switch
    {
        "leave-last-out" => "Each person's last movie is held out and is to be found among all movies of the data set that the person has not rated; no sampled negatives, and equal scores count against the model.",
        "temporal" => "One cut in time for everybody: fitted on the first 80 % of the ratings, judged by what people rate in the last 10 %, newcomers among them.",
        "random" => "Ratings drawn at random (each with a probability of one in ten; with folds each once) are predicted from all the others, later ones of the same person among them. The errors compare with published tables and say little about a service.",
        "users" => "Each person is left out of the training data with a probability of one in ten. Ten movies of each who is left out are to be found, five times over: with 0, 1, 3, 5 and 10 ratings given.",
        _ => throw new ArgumentException($"There is no protocol '{protocol}'.", nameof(protocol)),
    };

    /// <summary>Where a report stands on a page: data sets in their order, protocols in the order of <see cref="ProtocolNames.All"/>.</summary>
    public static IReadOnlyList<EvaluationReport> InOrder(IReadOnlyList<EvaluationReport> reports)
    {
        var datasets = reports.Select(r => r.Dataset.Name).Distinct().ToList();
        var protocols = ProtocolNames.All.ToList();
        return [.. reports.OrderBy(r => datasets.IndexOf(r.Dataset.Name)).ThenBy(r => protocols.IndexOf(r.Protocol)).ThenBy(r => r.Folds)];
    }
}
