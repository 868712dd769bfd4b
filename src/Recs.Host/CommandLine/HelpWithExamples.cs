using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Recs.Host.CommandLine;

/// <summary>The help of the library and, after it, the verb's examples.</summary>
internal sealed class HelpWithExamples(HelpAction plain) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        plain.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is not Verb { Examples.Count: > 0 } verb) return ExitCode.Done;
        foreach (var line in verb.More?.Invoke(parseResult) ?? []) output.WriteLine(line);
        output.WriteLine("Examples:");
        foreach (var example in verb.Examples) output.WriteLine("  recs " + example);
        return ExitCode.Done;
    }
}
