using System.CommandLine;
using Recs.Host.CommandLine;
using Recs.Host.Configuring;
using Recs.Host.Reporting;

namespace Recs.Host.Verbs;

/// <summary><c>recs bench</c>: every performance figure, each beside its baseline in the same run; the benchmarks are a program of their own in the clone.</summary>
internal static class BenchVerb
{
    public static Command Create(Terminal terminal)
    {
        var which = new Argument<string>("which") { Description = "append, rebuild, serve, train or all." };
        which.AcceptOnlyFromAmong("append", "rebuild", "serve", "train", "all");
        return new Command("bench", "Measure, each figure beside its baseline in the same run. Needs a clone of the source.") { which, Flags.Json(), Flags.Db(), new Option<string>("--data") { HelpName = "DIR", Description = "Data set for the benchmarks that need one, such as ml-1m." } }
            .WithExamples("bench append", "bench all --json figures.json", "bench train --data ml-1m")
            .Does(terminal, (run, cancel) => Clone.RunAsync("dotnet", ["run", "-c", "Release", "--project", Path.Combine(Clone.Root(), "tests", "Recs.Benchmarks"), "--", .. run.Parsed.Tokens.Skip(1).Select(t => t.Value)], cancel));
    }
}
