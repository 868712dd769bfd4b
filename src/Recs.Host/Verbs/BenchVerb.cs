using System.CommandLine;
using Recs.Host.CommandLine;
using Recs.Host.Reporting;

namespace Recs.Host.Verbs;

/// <summary><c>recs bench</c>: every performance figure, each beside its baseline in the same run; the benchmarks are a program of their own in the clone.</summary>
internal static class BenchVerb
{
    public static Command Create(Terminal terminal)
    {
        var which = new Argument<string>("which") { Description = "append, rebuild, parse, ingest, kafka, serve, search, train, kernels, export or all." };
        which.AcceptOnlyFromAmong("append", "rebuild", "parse", "ingest", "kafka", "serve", "search", "train", "kernels", "export", "all");
        var data = new Option<string>("--data") { HelpName = "DIR", Description = "Data set for the benchmarks that need one, such as a folder of MovieLens 1M." };
        return new Verb("bench", "Measure, each figure beside its baseline in the same run. Needs a clone of the source.")
        {
            Examples = ["bench append", "bench all --json figures.json", "bench train --data data/ml-1m"],
            Arguments = { which },
            Options = { data, Flags.Json(), Flags.Db() },
        }.Does(terminal, (run, cancel) =>
        {
            var program = Path.Combine(Clone.Root(), "tests", "Recs.Benchmarks");
            return Clone.RunAsync("dotnet", ["run", "-c", "Release", "--project", program, "--", .. run.Parsed.Tokens.Skip(1).Select(t => t.Value)], cancel);
        });
    }
}
