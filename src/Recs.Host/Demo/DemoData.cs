using Recs.Commands.Importing;
using Recs.Commands.Simulating;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.FindingData;
using Recs.Host.Reporting;
using Recs.Host.Verbs;

namespace Recs.Host.Demo;

/// <summary>The data set of a demo: a folder, or a simulated world.</summary>
internal sealed class DemoData
{
    private readonly string? _folder;

    private DemoData(string? folder) => _folder = folder;

    /// <summary>Whether the published figures are about this data set.</summary>
    public bool IsMovieLens1M => _folder is not null && File.Exists(Path.Combine(_folder, "ratings.dat"));

    /// <summary>The given folder, else a data set under <c>./data</c>, else MovieLens 1M from GroupLens, else a simulated world; says which.</summary>
    public static async Task<DemoData> FindAsync(string? given, Terminal terminal, CancellationToken cancel)
    {
        if (given is not null)
            return Path.Exists(given) ? new(given) : throw new UsageException($"--data: there is no file or folder '{Path.GetFullPath(given)}'.");
        var folder = Path.GetFullPath("data");
        if (DataFolder.Find(folder) is { } ready)
        {
            terminal.Say($"data: {ready}");
            return new(ready);
        }
        try
        {
            using var http = new HttpClient();
            var loaded = await terminal.WithProgressAsync("downloading MovieLens 1M from GroupLens", "bytes",
                progress => new GroupLensDownload(http, GroupLensDownload.Site, GroupLensDownload.Md5).RunAsync(folder, progress, cancel));
            terminal.Say($"data: MovieLens 1M, downloaded to {loaded}, its sum checked (terms of use: {Path.Combine(loaded, "README")})");
            return new(loaded);
        }
        catch (DownloadException e)
        {
            terminal.Say($"data: SIMULATED, because there is no data set in {folder} and none could be downloaded: {e.Message}");
            terminal.Say("      for the real thing: ./recs demo --data FOLDER with a MovieLens data set from https://grouplens.org/datasets/movielens/");
            return new(null);
        }
    }

    /// <summary>Imports it; a second run adds nothing.</summary>
    public async Task ImportAsync(RecsStore store, Terminal terminal, CancellationToken cancel)
    {
        var import = new ImportDataSet(store.Source, store.Options);
        var summary = await terminal.WithProgressAsync($"importing {_folder ?? "the simulated world"}", "events", progress =>
        {
            var forward = new ImportVerb.Forward(progress);
            return _folder is null
                ? import.RunAsync(new SimulatedWorld().ToDataSet(), new ImportOptions(), forward, cancel)
                : import.RunAsync(_folder, new ImportOptions(), forward, cancel);
        });
        ImportVerb.Show(terminal, summary);
    }
}
