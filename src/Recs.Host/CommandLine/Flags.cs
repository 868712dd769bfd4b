using System.CommandLine;
using Recs.Host.Configuring;

namespace Recs.Host.CommandLine;

/// <summary>Options that several verbs share.</summary>
internal static class Flags
{
    /// <summary>The flag of a setting; its value is read through <see cref="Settings"/>, where environment and <c>recs.json</c> stand behind it.</summary>
    public static Option<string> Of(Setting setting) => new("--" + setting.Name)
    {
        Description = $"{setting.Description} [default: {(setting.Default.Length == 0 ? "none" : setting.Default)}]",
        HelpName = setting.HelpName,
    };

    /// <summary><c>--db</c>.</summary>
    public static Option<string> Db() => Of(Setting.Db);

    /// <summary><c>--json</c>.</summary>
    public static Option<string> Json() => new("--json")
    {
        Description = "Write the report as JSON to a file, or to standard output for '-'; the lines for people then go to standard error.",
        HelpName = "FILE|-",
        Arity = ArgumentArity.ExactlyOne,
    };
}
