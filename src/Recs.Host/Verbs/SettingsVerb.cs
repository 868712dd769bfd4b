using System.CommandLine;
using Recs.Host.CommandLine;
using Recs.Host.Configuring;
using Recs.Host.Reporting;

namespace Recs.Host.Verbs;

/// <summary><c>recs settings</c>: every setting in force and where it came from.</summary>
internal static class SettingsVerb
{
    public static Command Create(Terminal terminal)
    {
        var verb = new Verb("settings", "Show every setting, its value and where it came from: flag, then environment (RECS_*), then recs.json, then default.")
        {
            Examples = ["settings", "settings --port 9090", "settings --json -"],
        };
        verb.Add(Flags.Json());
        foreach (var setting in Setting.All.Where(s => s != Setting.Home)) verb.Add(Flags.Of(setting));
        return verb.Does(terminal, (run, _) => Task.FromResult(Show(run)));
    }

    private static int Show(Run run)
    {
        var rows = run.Settings.All.Select(v => new { v.Setting.Name, Value = v.Shown, v.Source, v.Setting.Description }).ToList();
        run.Terminal.Table([["setting", "value", "source", "meaning"], .. rows.Select(r => new[] { r.Name, r.Value.Length == 0 ? "-" : r.Value, r.Source, r.Description })]);
        run.Terminal.Report(run.JsonTarget, new { settings = rows });
        return ExitCode.Done;
    }
}
