using System.CommandLine;
using Recs.Host.CommandLine;
using Recs.Host.Reporting;

namespace Recs.Host.Verbs;

/// <summary><c>recs bench</c>: every performance figure, each beside its baseline in the same run; the benchmarks are a program of their own in the clone.</summary>
internal static class BenchVerb
{
    private static readonly string[] Suites = ["append", "rebuild", "parse", "ingest", "kafka", "serve", "rerank", "search", "train", "scale", "kernels", "export", "all"];

    public static Command Create(Terminal terminal)
    {
        var which = new Argument<string>("which") { Description = $"{string.Join(", ", Suites[..^1])} or {Suites[^1]}." };
        which.AcceptOnlyFromAmong(Suites);
        var data = new Option<string>("--data") { HelpName = "DIR", Description = "Data set for the benchmarks that need one, such as a folder of MovieLens 1M." };
        var models = new Option<string>("--models") { HelpName = "A,B", Description = "For train and scale: the models to fit, in the place of all." };
        var sizes = new Option<string>("--sizes") { HelpName = "1,5,20", Description = "For scale: millions of ratings." };
        return new Verb("bench", "Measure, each figure beside its baseline in the same run. Needs a clone of the source.")
        {
            Examples = ["bench append", "bench all --json figures.json", "bench train --data data/ml-1m", "bench scale --models als,ease --sizes 1,5"],
            Arguments = { which },
            Options = { data, models, sizes, Flags.Json(), Flags.Db() },
        }.Does(terminal, (run, cancel) =>
        {
            var program = Path.Combine(Clone.Root(), "tests", "Recs.Benchmarks");
            return Clone.RunAsync("dotnet", ["run", "-c", "Release", "--project", program, "--", .. run.Parsed.Tokens.Skip(1).Select(t => t.Value)], cancel);
        });
    }
}
