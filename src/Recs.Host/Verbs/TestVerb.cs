using System.CommandLine;
using Recs.Host.CommandLine;
using Recs.Host.Reporting;

namespace Recs.Host.Verbs;

/// <summary><c>recs test</c>: all tests, through the script at the root of the clone, which builds them first.</summary>
internal static class TestVerb
{
    public static Command Create(Terminal terminal)
    {
        var filter = new Argument<string>("filter") { Description = "Run only tests whose full name holds this text.", Arity = ArgumentArity.ZeroOrOne };
        return new Verb("test", "Build and run every test; ends with 'N passed, N failed, N skipped'. Needs a clone of the source.")
        {
            Examples = ["test", "test EmbeddedPostgres"],
            Arguments = { filter },
        }.Does(terminal, (run, cancel) =>
        {
            var script = Path.Combine(Clone.Root(), "recs");
            return Clone.RunAsync("bash", run.Parsed.GetValue(filter) is { Length: > 0 } text ? [script, "test", text] : [script, "test"], cancel);
        });
    }
}
