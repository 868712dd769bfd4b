using System.CommandLine;
using Recs.Host.Configuring;
using Recs.Host.Reporting;

namespace Recs.Host.CommandLine;

/// <summary>How a verb is bound to its work.</summary>
internal static class VerbExtensions
{
    /// <summary>Binds the work: settings are resolved, what goes wrong becomes one line on standard error and the exit code of its kind.</summary>
    public static Command Does(this Command command, Terminal terminal, Func<Run, CancellationToken, Task<int>> work)
    {
        command.SetAction(async (parsed, cancel) =>
        {
            try
            {
                var run = new Run(parsed, Settings.Read(parsed), terminal);
                terminal.ReserveOutputForJson(run.JsonTarget == "-");
                JsonTarget.Check(run.JsonTarget);
                return await work(run, cancel);
            }
            catch (Exception e) when (cancel.IsCancellationRequested && ExpectedErrors.IsOfStopping(e))
            {
                return terminal.Fail("stopped by a signal; what was finished before is kept.", ExitCode.Interrupted);
            }
            catch (Exception e) when (ExpectedErrors.ExitCodeOf(e) is { } code)
            {
                return terminal.Fail(e.Message, code);
            }
        });
        return command;
    }
}
