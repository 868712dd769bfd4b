using System.CommandLine;

namespace Recs.Host.CommandLine;

/// <summary>A verb of the command line, with examples that its help shows.</summary>
internal sealed class Verb(string name, string description) : Command(name, description)
{
    /// <summary>Command lines without the program's name.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>What the help adds for what was asked beside it, such as a model; null for nothing.</summary>
    public Func<ParseResult, IEnumerable<string>>? More { get; init; }
}
