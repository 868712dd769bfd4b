using System.CommandLine;
using System.Diagnostics;
using System.Net;
using Recs.Contracts;
using Recs.Contracts.Registry;
using Recs.EventStore.Following;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Configuring;
using Recs.Host.Listening;
using Recs.Host.Replaying;
using Recs.Host.Reporting;
using Recs.Host.Verbs;
using Recs.Queries.Serving;
using Recs.Training.Fitting;

namespace Recs.Host.Demo;

/// <summary><c>recs demo</c>: the main job from nothing: database, import, projections, training, serving, live traffic, and the proofs.</summary>
internal static class DemoVerb
{
    private const int Requests = 1000, People = 200;

    /// <summary>With fewer movies every slate holds most of what a person does not know, so slates cannot differ much.</summary>
    private const int Few = 101;

    private static readonly Option<string> Data = new("--data") { HelpName = "DIR", Description = "Data set. [default: ./data/*, else MovieLens 1M from GroupLens, else simulated]" };
    private static readonly Option<bool> UntilReady = new("--until-ready") { Description = "Stop with exit code 0 once everything was served and verified." };
    private static readonly Option<string> Champion = new("--champion") { HelpName = "MODEL", DefaultValueFactory = _ => "linear-autoregression", Description = "Model that is trained and goes into production: the quick one, or 'blend' for the best lists, which takes as long as all its members." };

    public static Command Create(Terminal terminal)
        => new Verb("demo", "The main job, with nothing prepared: import, project, train, serve, send traffic, replay it bit for bit.")
        {
            Examples = ["demo", "demo --data data/ml-1m --until-ready", "demo --champion blend", "demo --port 0"],
            Options = { Data, Flags.Of(Setting.Port), UntilReady, Champion, Flags.Db() },
        }.Does(terminal, RunAsync);

    private static async Task<int> RunAsync(Run run, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        var terminal = run.Terminal;
        var champion = run.Get(Champion)!;
        if (!Recommenders.All.Any(r => r.Name == champion))
            throw new UsageException($"--champion '{champion}' is not a model. Models: {string.Join(", ", Recommenders.All.Select(r => r.Name))}.");
        var endpoint = new IPEndPoint(IPAddress.Loopback, run.Settings.Number(Setting.Port, 0, 65535));
        if (run.Get(Data) is { } given && !Path.Exists(given))
            throw new UsageException($"--data: there is no file or folder '{Path.GetFullPath(given)}'.");
        ListenAddress.EnsureFree(endpoint);

        await using var store = await RecsStore.OpenAsync(run, cancel);
        var data = await DemoData.FindAsync(run.Get(Data), store, terminal, cancel);
        await data.ImportAsync(store, terminal, cancel);
        await using var node = await RecsNode.StartAsync(store, endpoint, NodeOptions.Of(run.Settings) with { Roles = Roles.All, Serving = new() { Demo = true } }, cancel);
        var through = await ProjectAsync(store, node, terminal, cancel);
        var training = new DemoTraining(store, terminal);
        var version = await training.RunAsync(through, champion, data.IsMovieLens1M, cancel);
        await AnswersAsync(node, version, cancel);

        using var http = new HttpClient { BaseAddress = node.Address };
        var traffic = new DemoTraffic(http, await PeopleAsync(store, cancel), store.Options.Clock);
        var proofs = new DemoProofs(traffic, terminal);
        var movies = (await ListAsync(store, $"select movie_id from read.popular_all limit {Few}", cancel)).Count;
        var few = movies < Few;
        if (few)
            terminal.Say($"the catalogue has only {movies} movies that anybody rated: how much slates differ is shown, but is no part of the verdict");
        var held = await ServeAsync(store, traffic, proofs, terminal, cancel) || few || champion == "popularity";
        held &= await ReplayAsync(store, terminal, cancel);
        held &= await training.ReproduceAsync(version, cancel);
        held &= (await CheckVerb.CheckAsync(terminal, store, cancel)).All(invariant => invariant.Held);
        held &= Say(terminal, proofs, node.Address, version, run.Get(UntilReady)) || few;
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        terminal.Say($"{(held ? "everything held" : "NOT everything held, see above")}: {seconds:0} s, peak memory of this process {Process.GetCurrentProcess().PeakWorkingSet64 / 1048576:N0} MiB");
        if (!run.Get(UntilReady))
        {
            terminal.Say($"serving on {node.Address} (API: {node.Address}swagger, ready: {node.Address}readyz). Ctrl-C stops.");
            await node.WaitAsync(cancel);
        }
        return held ? ExitCode.Done : ExitCode.NotHeld;
    }

    private static async Task<long> ProjectAsync(RecsStore store, RecsNode node, Terminal terminal, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        var through = (await store.MarkAsync(cancel)).Current;
        await node.Daemon.WaitForAsync(through, cancel);
        terminal.Say($"{node.Daemon.Health().Count} projections follow the log through {through:N0}, after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        return through;
    }

    /// <summary>Waits until the service has read the promotion and answers with the version.</summary>
    private static async Task AnswersAsync(RecsNode node, ModelTrained version, CancellationToken cancel)
    {
        var mark = node.Services.GetRequiredService<HighWaterMark>();
        var follower = node.Services.GetRequiredService<LogFollower>();
        while (node.Services.GetRequiredService<Queries.Models.OpenModels>().Champion?.Manifest.Version != version.Version)
        {
            if ((follower.Fault ?? follower.ModelTrouble) is { } trouble)
                throw new UnavailableException(trouble);
            await follower.WaitForAsync(follower.Through + 1, TimeSpan.FromSeconds(1), cancel);
        }
        await follower.WaitForAsync(mark.Current, TimeSpan.FromSeconds(30), cancel);
    }

    private static async Task<bool> ServeAsync(RecsStore store, DemoTraffic traffic, DemoProofs proofs, Terminal terminal, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        var people = await PeopleAsync(store, cancel);
        await terminal.WithProgressAsync("live traffic", "slates", async progress =>
        {
            await traffic.RunAsync(Requests - 2, progress, cancel);
            return 0;
        });
        var changed = await proofs.RatingChangesTheRestAsync(people[0], await UnseenAsync(store, people[0], cancel), cancel);
        terminal.Say($"served {traffic.Served:N0} slates (channel simulated) to {people.Count} people and took {traffic.Facts:N0} watches and ratings in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s, each in the log before it was acknowledged");
        return changed;
    }

    private static async Task<bool> ReplayAsync(RecsStore store, Terminal terminal, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        terminal.Say("replaying every slate of the log:");
        var report = await ReplayReport.RunAsync(store, store.Reader.ReadTypeAsync(EventAliases.RecommendationServed, cancel), cancel);
        report.Show(terminal);
        terminal.Say($"(in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s)");
        return report.Different == 0;
    }

    private static bool Say(Terminal terminal, DemoProofs proofs, Uri address, ModelTrained version, bool ends)
    {
        if (proofs.TwoPeople() is not var (a, b, shared))
        {
            terminal.Say("no two people have slates that share fewer than half their movies");
            return version.Model == "popularity";
        }
        terminal.Say();
        terminal.Say($"two people, {shared} of {a.Items.Count} movies in common; see X-Recs-Model-Version: {version.Version}{(ends ? $"; './recs up --port {address.Port}' serves this again, then:" : "")}");
        foreach (var slate in new[] { a, b })
            terminal.Say($"  curl -i '{address}recommend/{Uri.EscapeDataString(slate.UserId)}?k={a.Items.Count}'");
        terminal.Say();
        return true;
    }

    /// <summary>People with a history, in an order of no meaning, so that the traffic is not of one kind of people.</summary>
    private static Task<List<string>> PeopleAsync(RecsStore store, CancellationToken cancel)
        => ListAsync(store, $"select user_id from read.user_history where version > 1 order by md5(user_id), user_id limit {People}", cancel);

    /// <summary>Movies that the person has no history with; those past the hundred best known first, as everybody is shown those.</summary>
    private static Task<List<string>> UnseenAsync(RecsStore store, string user, CancellationToken cancel)
        => ListAsync(
            store,
            """
            select movie_id
            from (select movie_id, row_number() over (order by events desc, movie_id collate "C") as place from read.popular_all) as known
            where not exists (select from read.user_events seen where seen.user_id = $1 and seen.movie_id = known.movie_id)
            order by place <= 100, place limit 200
            """,
            cancel,
            user);

    private static async Task<List<string>> ListAsync(RecsStore store, string sql, CancellationToken cancel, params string[] values)
    {
        List<string> ids = [];
        await using var command = store.Source.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            ids.Add(rows.GetString(0));
        return ids;
    }
}
