using System.CommandLine;
using System.CommandLine.Parsing;
using Recs.Host.CommandLine;
using Recs.Host.Reporting;
using Recs.Host.Simulating;
using Recs.Host.Simulating.ClosedLoop;
using Recs.Host.Simulating.ReplayingData;

namespace Recs.Host.Verbs;

/// <summary><c>recs simulate</c>: traffic for a running service, of people that are made up or of a data set's last part.</summary>
internal static class SimulateVerb
{
    public static Command Create(Terminal terminal)
    {
        var verb = new Verb("simulate", "Send traffic to a running service over HTTP: people who watch and rate what they are served, or a data set's last part in time order (--replay).")
        {
            Examples =
            [
                "simulate --users 1000 --rate 50 --minutes 10 --truth truth.jsonl",
                "simulate --replay data/ml-latest-small --from 0.8 --speed 1000 --token-file service.token",
            ],
            Options = { ReplayingData.Data, ServiceCaller.Url, ServiceCaller.TokenFile, Flags.Json() },
        };
        foreach (var option in ClosedLoop.Options.Concat(ReplayingData.Options)) verb.Add(option);
        return verb.Does(terminal, SimulateAsync);
    }

    private static Task<int> SimulateAsync(Run run, CancellationToken cancel)
    {
        var replays = run.Get(ReplayingData.Data) is not null;
        var others = replays ? ClosedLoop.Options : ReplayingData.Options;
        if (others.FirstOrDefault(option => run.Parsed.GetResult(option) is OptionResult { Implicit: false }) is { } stray)
            throw new UsageException(replays ? $"{stray.Name} is for simulated people; with --replay people do what the data says." : $"{stray.Name} belongs to --replay DATA.");
        return replays ? ReplayingData.RunAsync(run, cancel) : ClosedLoop.RunAsync(run, cancel);
    }
}
