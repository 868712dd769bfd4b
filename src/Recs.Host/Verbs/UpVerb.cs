using System.CommandLine;
using System.Net;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Configuring;
using Recs.Host.Listening;
using Recs.Host.Reporting;
using Recs.Host.Securing;
using Recs.Host.Securing.Tokens;
using Recs.Queries.Serving;
using Recs.Training.Trainings;

namespace Recs.Host.Verbs;

/// <summary><c>recs up</c>: the service, until it is told to stop.</summary>
internal static class UpVerb
{
    public static Command Create(Terminal terminal)
    {
        var verb = new Verb("up", "Run the service on what the log holds, until Ctrl-C. Nothing is imported or trained.")
        {
            Examples = ["up", "up --port 9090", "up --db postgres://recs@db.example/recs --bind 0.0.0.0"],
            Options = { Flags.Of(Setting.Port), Flags.Of(Setting.Bind), Flags.Of(Setting.Record), Flags.Of(Setting.Demo), Flags.Of(Setting.Roles), Flags.Of(Setting.TrainingThreads), Flags.Db() },
        };
        foreach (var setting in SecuritySettings.All) verb.Add(Flags.Of(setting));
        return verb.Does(terminal, ServeAsync);
    }

    private static async Task<int> ServeAsync(Run run, CancellationToken cancel)
    {
        var endpoint = ListenAddress.Of(run.Settings);
        var roles = RoleNames.Parse(run.Settings[Setting.Roles]);
        var serving = new ServingOptions
        {
            Record = run.Settings.OneOf(Setting.Record, "on", "off") == "on",
            Demo = run.Settings.OneOf(Setting.Demo, "on", "off") == "on",
        };
        var training = run.Settings[Setting.TrainingThreads] == "auto" ? new() : new TrainingOptions { Threads = run.Settings.Number(Setting.TrainingThreads, 1, 1024) };
        if (serving.Demo && !IPAddress.IsLoopback(endpoint.Address))
            throw new UsageException($"--demo on takes writes without a token, so it listens on loopback only, not on {endpoint.Address}.");
        var security = SecuritySettings.Of(run.Settings);
        await using var store = await RecsStore.OpenAsync(run, cancel);
        await using var node = await RecsNode.StartAsync(store, endpoint, serving, roles, security, cancel, training);
        run.Terminal.Say($"Listening on {node.Address} (ready: {node.Address}readyz, API: {node.Address}swagger). Ctrl-C stops.");
        SecurityReport.Say(run.Terminal, node.Services.GetRequiredService<ITokenKeys>(), security, serving.Demo);
        await node.WaitAsync(cancel);
        return ExitCode.Done;
    }
}
