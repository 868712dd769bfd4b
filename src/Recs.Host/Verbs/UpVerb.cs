using System.CommandLine;
using System.Net;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Configuring;
using Recs.Host.Listening;
using Recs.Host.Reporting;
using Recs.Host.Securing;
using Recs.Host.Securing.Tokens;

namespace Recs.Host.Verbs;

/// <summary><c>recs up</c>: the service, until it is told to stop.</summary>
internal static class UpVerb
{
    public static Command Create(Terminal terminal)
    {
        var verb = new Verb("up", "Run the service on what the log holds, until Ctrl-C. Nothing is imported or trained.")
        {
            Examples = ["up", "up --port 9090", "up --kafka localhost:9092", "up --db postgres://recs@db.example/recs --bind 0.0.0.0", "up --clock 2015-01-01T00:00:00Z@1000"],
            Options = { Flags.Of(Setting.Port), Flags.Of(Setting.Bind), Flags.Of(Setting.Record), Flags.Of(Setting.Rerank), Flags.Of(Setting.Demo), Flags.Of(Setting.Roles), Flags.Of(Setting.TrainingThreads), Flags.Of(Setting.Log), Flags.Of(Setting.Otlp), Flags.Of(Setting.ImageDigest), Flags.Of(Setting.Clock), Flags.Db() },
        };
        foreach (var setting in KafkaOptions.All) verb.Add(Flags.Of(setting));
        verb.Add(Flags.Of(Setting.SchemaRegistry));
        foreach (var setting in SecuritySettings.All) verb.Add(Flags.Of(setting));
        return verb.Does(terminal, ServeAsync);
    }

    private static async Task<int> ServeAsync(Run run, CancellationToken cancel)
    {
        var endpoint = ListenAddress.Of(run.Settings);
        var options = NodeOptions.Of(run.Settings);
        if (options.Serving.Demo && !IPAddress.IsLoopback(endpoint.Address))
            throw new UsageException($"--demo on takes writes without a token, so it listens on loopback only, not on {endpoint.Address}.");
        run.Terminal.SayInJson(options.Observing.JsonLogs);
        await using var store = await RecsStore.OpenAsync(run, cancel);
        await using var node = await RecsNode.StartAsync(store, endpoint, options, cancel);
        run.Terminal.Say(StartupLines.Listening(node.Address));
        var (model, trouble) = await node.ModelAsync(cancel);
        foreach (var line in (StartupLines.Of(node.Address, options, store.Description, model, trouble) with { Clock = store.Clock.Simulated }).Lines())
            run.Terminal.Say(line);
        SecurityReport.Say(run.Terminal, node.Services.GetRequiredService<ITokenKeys>(), options.Security, options.Serving.Demo);
        await node.WaitAsync(cancel);
        return ExitCode.Done;
    }
}
