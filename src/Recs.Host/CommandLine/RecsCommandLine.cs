using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Recs.Host.Configuring;
using Recs.Host.Demo;
using Recs.Host.Reporting;
using Recs.Host.Verbs;

namespace Recs.Host.CommandLine;

/// <summary>The command line: one line per verb.</summary>
internal static partial class RecsCommandLine
{
    /// <summary>How long the work may take to end in order once a signal asked it to (the embedded server writes its last checkpoint).</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(60);

    /// <summary>Parses and runs.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, Terminal terminal)
    {
        var parsed = Create(terminal).Parse(args);
        if (args.Length == 0)
        {
            Create(terminal).Parse("--help").Invoke(new() { Output = terminal.Error });
            return ExitCode.Usage;
        }
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpWithExamples) return terminal.Fail(Explain(parsed), ExitCode.Usage);
        try
        {
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = Farewell, Output = terminal.Output, Error = terminal.Error });
        }
        catch (Exception e)
        {
            return terminal.Fail($"this is a defect of recs, please report it: {e}", ExitCode.Defect);
        }
    }

    private static RootCommand Create(Terminal terminal)
    {
        var root = new RootCommand("Recs, an event-sourced movie recommender: every answer can be replayed, every model retrained to the same bytes.")
        {
            DemoVerb.Create(terminal),
            UpVerb.Create(terminal),
            TokenVerb.Create(terminal),
            ImportVerb.Create(terminal),
            ValidateVerb.Create(terminal),
            RejectsVerb.Create(terminal),
            SnapshotVerb.Create(terminal),
            TrainVerb.Create(terminal),
            TuneVerb.Create(terminal),
            ModelsVerb.Create(terminal),
            ReproduceVerb.Create(terminal),
            EvaluateVerb.Create(terminal),
            ReplayVerb.Create(terminal),
            ProjectionsVerb.Create(terminal),
            TopicsVerb.Create(terminal),
            MetricsVerb.Create(terminal),
            ReportVerb.Create(terminal),
            SimulateVerb.Create(terminal),
            ProbeVerb.Create(terminal),
            CheckVerb.Create(terminal),
            SettingsVerb.Create(terminal),
            BenchVerb.Create(terminal),
            TestVerb.Create(terminal),
        };
        var home = Flags.Of(Setting.Home);
        home.Recursive = true;
        root.Add(home);
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    private static string Explain(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = string.Join(' ', Path(parsed.CommandResult));
        var help = $"'{path} --help' says what there is.";
        if (parsed.UnmatchedTokens is not [var word, ..]) return $"{OneLine(parsed.Errors[0].Message)} {help}";
        var kind = word.StartsWith('-') ? "option" : command.Subcommands.Count > 0 ? "verb" : "argument";
        return $"unknown {kind} '{word}'{(Suggestion.For(word, command) is { } meant ? $", did you mean '{meant}'?" : ".")} {help}";
    }

    /// <summary>The library's message as one sentence, without line breaks and without names of types.</summary>
    private static string OneLine(string message)
    {
        var line = ExpectedType().Replace(string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), match => match.Groups[1].Value switch
        {
            "UInt" => "; expected a whole number from 0.",
            "Int" => "; expected a whole number.",
            _ => "; expected a number.",
        });
        return line.EndsWith('.') ? line : line + ".";
    }

    [GeneratedRegex(@" as expected type '[^']*?(UInt|Int|Double)[^']*'\.")]
    private static partial Regex ExpectedType();

    private static IEnumerable<string> Path(CommandResult result)
        => result.Parent is CommandResult parent ? Path(parent).Append(result.Command.Name) : ["recs"];
}
