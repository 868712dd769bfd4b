using System.CommandLine;
using Npgsql;
using Recs.Commands.Importing;
using Recs.Host.Configuring;
using Recs.Host.Reporting;
using Recs.Postgres;
using Recs.Training.Artifacts;

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
                return await work(run, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return terminal.Fail("stopped.", ExitCode.Interrupted);
            }
            catch (Exception e) when (ExitCodeOf(e) is { } code)
            {
                return terminal.Fail(e.Message, code);
            }
        });
        return command;
    }

    private static int? ExitCodeOf(Exception e) => e switch
    {
        UsageException or ImportInputException => ExitCode.Usage,
        InvalidDataException or DamagedArtifactException or ArtifactNotFoundException => ExitCode.NotHeld,
        PostgresUnavailableException => ExitCode.Unavailable,
        PostgresException
        {
            SqlState: PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification
            or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.AdminShutdown
        } => ExitCode.Unavailable,
        PostgresException => null, // the server answered: a statement of ours is wrong
        NpgsqlException => ExitCode.Unavailable,
        _ => null,
    };
}
