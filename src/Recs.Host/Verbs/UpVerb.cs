using System.CommandLine;
using System.Net;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Configuring;
using Recs.Host.Listening;
using Recs.Host.Observing;
using Recs.Host.Reporting;
using Recs.Queries.Serving;

namespace Recs.Host.Verbs;

/// <summary><c>recs up</c>: the service, until it is told to stop.</summary>
internal static class UpVerb
{
    public static Command Create(Terminal terminal)
        => new Verb("up", "Run the service on what the log holds, until Ctrl-C. Nothing is imported or trained.")
        {
            Examples = ["up", "up --port 9090", "up --db postgres://recs@db.example/recs --bind 0.0.0.0"],
            Options = { Flags.Of(Setting.Port), Flags.Of(Setting.Bind), Flags.Of(Setting.Record), Flags.Of(Setting.Demo), Flags.Of(Setting.Roles), Flags.Of(Setting.Log), Flags.Of(Setting.Otlp), Flags.Db() },
        }.Does(terminal, ServeAsync);

    private static async Task<int> ServeAsync(Run run, CancellationToken cancel)
    {
        var endpoint = ListenAddress.Of(run.Settings);
        var roles = RoleNames.Parse(run.Settings[Setting.Roles]);
        var serving = new ServingOptions
        {
            Record = run.Settings.OneOf(Setting.Record, "on", "off") == "on",
            Demo = run.Settings.OneOf(Setting.Demo, "on", "off") == "on",
        };
        if (serving.Demo && !IPAddress.IsLoopback(endpoint.Address))
            throw new UsageException($"--demo on takes writes without a token, so it listens on loopback only, not on {endpoint.Address}.");
        var observing = ObservingOptions.Of(run.Settings);
        run.Terminal.SayInJson(observing.JsonLogs);
        await using var store = await RecsStore.OpenAsync(run, cancel);
        await using var node = await RecsNode.StartAsync(store, endpoint, serving, roles, observing, cancel);
        run.Terminal.Say(StartupLines.Listening(node.Address));
        var (model, trouble) = await node.ModelAsync(cancel);
        foreach (var line in new StartupLines(node.Address, roles, store.Description, serving.Record, serving.Demo, model, trouble, observing.SpansTo).Lines())
            run.Terminal.Say(line);
        await node.WaitAsync(cancel);
        return ExitCode.Done;
    }
}
