using Recs.Commands.Importing;
using Recs.Commands.Simulating;
using Recs.Host.Composition;
using Recs.Host.FindingData;
using Recs.Host.Reporting;
using Recs.Host.Verbs;

namespace Recs.Host.Demo;

/// <summary>The data set of a demo: a folder, or a simulated world.</summary>
internal sealed class DemoData
{
    private readonly string? _folder;
    private readonly bool _alone;

    private DemoData(string? folder, bool alone) => (_folder, _alone) = (folder, alone);

    private bool InLogAlready { get; init; }

    /// <summary>Whether the published figures are about what the log then holds: MovieLens 1M and nothing else.</summary>
    public bool IsMovieLens1M => _alone && (InLogAlready || (_folder is not null && File.Exists(Path.Combine(_folder, "ratings.dat"))));

    /// <summary>
    /// The given folder, else what the log holds already, else a data set under <c>./data</c>, else MovieLens 1M from GroupLens, else a simulated world; says which.
    /// A demo never mixes a data set of its own choice into a log that has one.
    /// </summary>
    public static async Task<DemoData> FindAsync(string? given, RecsStore store, Terminal terminal, CancellationToken cancel)
    {
        var held = await SourcesAsync(store, cancel);
        if (given is not null)
        {
            var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(given)));
            if (held.Exists(source => source != name))
                terminal.Say($"data: this log holds {string.Join(", ", held)} already; {name} comes beside it, and equal ids are the same person or movie. For a log of its own: --home FOLDER.");
            return new(given, held.Contains(name) && held.Count == 1 || held.Count == 0);
        }
        if (held.Count > 0)
        {
            terminal.Say($"data: what the log holds already ({string.Join(", ", held)}). For another data set: --data FOLDER --home ANOTHER-FOLDER.");
            return new(null, held is ["ml-1m"]) { InLogAlready = true };
        }
        var folder = Path.GetFullPath("data");
        if (DataFolder.Find(folder) is { } ready)
        {
            terminal.Say($"data: {ready}");
            return new(ready, true);
        }
        try
        {
            using var http = new HttpClient();
            var loaded = await terminal.WithProgressAsync("downloading MovieLens 1M from GroupLens", "bytes",
                progress => new GroupLensDownload(http, GroupLensDownload.Site, GroupLensDownload.Md5).RunAsync(folder, progress, cancel));
            terminal.Say($"data: MovieLens 1M, downloaded to {loaded}, its sum checked (terms of use: {Path.Combine(loaded, "README")})");
            return new(loaded, true);
        }
        catch (DownloadException e)
        {
            terminal.Say($"data: SIMULATED, because there is no data set in {folder} and none could be downloaded: {e.Message}");
            terminal.Say("      for the real thing: ./recs demo --data FOLDER with a MovieLens data set from https://grouplens.org/datasets/movielens/");
            return new(null, false);
        }
    }

    /// <summary>Imports it; a second run adds nothing.</summary>
    public async Task ImportAsync(RecsStore store, Terminal terminal, CancellationToken cancel)
    {
        if (InLogAlready)
            return;
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

    private static async Task<List<string>> SourcesAsync(RecsStore store, CancellationToken cancel)
    {
        List<string> sources = [];
        await using var command = store.Source.CreateCommand($"select distinct source from {store.Options.Schema}.recs_imports where finished_at is not null and clean_rows + duplicate_rows > 0 order by source");
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            sources.Add(rows.GetString(0));
        return sources;
    }
}
