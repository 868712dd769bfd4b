using Recs.Host.CommandLine;
using Recs.Host.Reporting;

namespace Recs.Host.Tests;

/// <summary>What a command line did, run in this process.</summary>
internal sealed record Invocation(int ExitCode, string Output, string Error)
{
    public static async Task<Invocation> OfAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await RecsCommandLine.RunAsync(args, new Terminal(TextWriter.Synchronized(output), TextWriter.Synchronized(error), interactive: false));
        return new(code, output.ToString(), error.ToString());
    }
}
