using System.CommandLine;
using Recs.Host.Configuring;
using Recs.Host.Reporting;

namespace Recs.Host.CommandLine;

/// <summary>One invocation of a verb: what was asked, the settings in force, and where to speak.</summary>
/// <param name="Parsed">The parsed command line.</param>
/// <param name="Settings">Flags, then environment, then <c>recs.json</c>, then defaults.</param>
/// <param name="Terminal">Where lines, progress and reports go.</param>
internal sealed record Run(ParseResult Parsed, Settings Settings, Terminal Terminal)
{
    /// <summary>An option's value.</summary>
    public T? Get<T>(Option<T> option) => Parsed.GetValue(option);

    /// <summary>An argument's value.</summary>
    public T Get<T>(Argument<T> argument) => Parsed.GetRequiredValue(argument);

    /// <summary>Where the report in JSON goes: a file, <c>-</c> for standard output, or null for nowhere.</summary>
    public string? JsonTarget => Parsed.GetResult("--json") is null ? null : Parsed.GetValue<string>("--json");
}
