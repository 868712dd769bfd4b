using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Recs.Training.Evaluating;
using Recs.Training.Evaluating.Protocols;
using Recs.Training.Fitting;

namespace Recs.Training.Reporting;

/// <summary>
/// The folder that a run's reports and pages are written to: <c>leaderboard/run.json</c> and a report per data set and protocol beside it, <c>leaderboard.md</c> and
/// <c>model-cards/</c> made of them. A run that was stopped goes on with the reports that it has; another run takes their place.
/// </summary>
public sealed class ReportFolder
{
    private const string Manifest = "run.json";
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private readonly string _pages;
    private readonly string _folder;
    private readonly Dictionary<string, EvaluationReport> _reports = new(StringComparer.Ordinal);

    private ReportFolder(string pages, ReportedRun run) => (_pages, _folder, Run) = (pages, Path.Combine(pages, "leaderboard"), run);

    /// <summary>The run, with the reports that there are.</summary>
    public ReportedRun Run { get; private set; }

    /// <summary>Reports that are there already.</summary>
    public IReadOnlyCollection<EvaluationReport> Reports => [.. Run.Reports.Select(f => _reports[f.File])];

    /// <summary>Another run whose reports are there and give way to this one's; null for none.</summary>
    public ReportedRun? Replaced { get; private set; }

    /// <summary>Opens a folder, which is made if it is not there, for a run. Reports of the same run are kept; those of another one are deleted with the first new one.</summary>
    /// <param name="folder">Folder of the pages.</param>
    /// <param name="run">The run that begins, or goes on.</param>
    public static ReportFolder Open(string folder, ReportedRun run)
    {
        var opened = new ReportFolder(folder, run);
        if (opened.Earlier() is not { } earlier)
            return opened;
        if (!run.Continues(earlier))
        {
            opened.Replaced = earlier;
            return opened;
        }

        opened.Run = run with { LeftOut = earlier.LeftOut };
        foreach (var file in earlier.Reports)
            if (Read(Path.Combine(opened._folder, file.File), file.Sha256) is { } report)
                opened.Keep(file, report);
        return opened;
    }

    /// <summary>The report that this run has of a data set and protocol already; null for none.</summary>
    public EvaluationReport? Find(string dataset, string sha256, IProtocol protocol)
        => _reports.GetValueOrDefault(ReportNames.File(dataset, ReportNames.Protocol(protocol))) is { } report && report.Dataset.Sha256 == sha256 ? report : null;

    /// <summary>Writes a report, and names it in the manifest.</summary>
    public void Add(EvaluationReport report)
    {
        Begin();
        var file = ReportNames.File(report.Dataset.Name, ReportNames.Protocol(report));
        var bytes = Bytes(report);
        File.WriteAllBytes(Path.Combine(_folder, file), bytes);
        Keep(new(file, Sha256(bytes)), report);
        WriteManifest();
    }

    /// <summary>Says that a protocol is not run on a data set; written with the next report, or with the pages.</summary>
    public void LeaveOut(LeftOutProtocol what) => Run = Run with { LeftOut = [.. Run.LeftOut.Except([what]), what] };

    /// <summary>Writes the leaderboard, and a card of every model of the run that has a figure; cards of others are deleted.</summary>
    /// <param name="recommenders">The models' own descriptions.</param>
    /// <returns>The files, leaderboard first.</returns>
    public IReadOnlyList<string> WritePages(IReadOnlyList<IRecommender> recommenders)
    {
        List<EvaluationReport> reports = [.. Reports];
        WriteManifest();
        var leaderboard = Path.Combine(_pages, "leaderboard.md");
        File.WriteAllText(leaderboard, LeaderboardPage.Write(Run, reports), Utf8);
        var cards = Directory.CreateDirectory(Path.Combine(_pages, "model-cards")).FullName;
        var written = new List<string> { leaderboard };
        foreach (var model in recommenders.Where(r => Run.Models.Any(m => m.Name == r.Name) && reports.Exists(report => Standings.PlaceOf(report, r.Name) is not null)))
        {
            var card = Path.Combine(cards, model.Name + ".md");
            File.WriteAllText(card, ModelCard.Write(model, Run, reports), Utf8);
            written.Add(card);
        }

        foreach (var stale in Directory.GetFiles(cards, "*.md").Except(written))
            File.Delete(stale);
        return written;
    }

    private void Begin()
    {
        Directory.CreateDirectory(_folder);
        foreach (var stale in (Earlier()?.Reports ?? []).Where(f => !_reports.ContainsKey(f.File)))
            File.Delete(Path.Combine(_folder, Path.GetFileName(stale.File)));
    }

    private void Keep(ReportedFile file, EvaluationReport report)
    {
        _reports[file.File] = report;
        Run = Run with { Reports = [.. Run.Reports.Where(f => f.File != file.File), file] };
    }

    private ReportedRun? Earlier()
    {
        var manifest = Path.Combine(_folder, Manifest);
        if (!File.Exists(manifest))
            return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(manifest), ReportedRunJson.Default.ReportedRun);
        }
        catch (JsonException)
        {
            return null; // cut off while it was written, or of an older format: the run begins anew
        }
    }

    private void WriteManifest() => File.WriteAllText(Path.Combine(_folder, Manifest), JsonSerializer.Serialize(Run, ReportedRunJson.Default.ReportedRun) + "\n", Utf8);

    private static EvaluationReport? Read(string path, string sha256)
    {
        if (!File.Exists(path))
            return null;
        var bytes = File.ReadAllBytes(path);
        return Sha256(bytes) == sha256 ? JsonSerializer.Deserialize(bytes, EvaluationJson.Default.EvaluationReport) : null;
    }

    private static byte[] Bytes(EvaluationReport report) => Utf8.GetBytes(JsonSerializer.Serialize(report, EvaluationJson.Default.EvaluationReport) + "\n");

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
