using System.CommandLine;
using Recs.Host.CommandLine;
using Recs.Host.Reporting;

namespace Recs.Host.Verbs;

/// <summary><c>recs test</c>: all tests, through the script at the root of the clone, which builds them first.</summary>
internal static class TestVerb
{
    public static Command Create(Terminal terminal)
    {
        var filter = new Argument<string>("filter") { Description = "Run only tests whose full name holds this text.", DefaultValueFactory = _ => "" };
        return new Command("test", "Build and run every test; ends with 'N passed, N failed, N skipped'. Needs a clone of the source.") { filter }
            .WithExamples("test", "test EmbeddedPostgres")
            .Does(terminal, (run, cancel) => Clone.RunAsync("bash", [Path.Combine(Clone.Root(), "recs"), "test", .. run.Get(filter) is { Length: > 0 } text ? new[] { text } : []], cancel));
    }
}
