using System.Net.Sockets;
using Npgsql;
using Recs.Commands.Importing;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;
using Recs.EventStore.Importing;
using Recs.EventStore.Projecting;
using Recs.Kafka.Connecting;
using Recs.Kafka.Messages;
using Recs.Postgres;
using Recs.Training.Artifacts;
using Recs.Training.Evaluating;
using Recs.Training.Exporting;
using Recs.Training.Fitting;
using Recs.Training.Trainings;

namespace Recs.Host.CommandLine;

/// <summary>What may go wrong without the program being wrong: its message is for people, and needs no stack trace.</summary>
internal static class ExpectedErrors
{
    /// <summary>
    /// Whether work that was asked to stop ended because it was: besides being cancelled it may find its connection closed, or a statement called off, under it. What it found to be wrong
    /// before it stopped, or a defect, is still told.
    /// </summary>
    public static bool IsOfStopping(Exception e)
        => e is OperationCanceledException or PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } || ExitCodeOf(e) == ExitCode.Unavailable;

    /// <summary>The exit code of an expected error; null for a defect.</summary>
    public static int? ExitCodeOf(Exception e) => e switch
    {
        UsageException or ImportInputException or StreamArchivedException or NothingToJudgeException => ExitCode.Usage,
        InvalidDataException or DivergedException or SchemaRefusedException or TrainingStoppedException or DamagedArtifactException or ArtifactNotFoundException or DamagedExportException or UnreadableEventException or UnknownEventTypeException => ExitCode.NotHeld,
        UnavailableException or PostgresUnavailableException or KafkaUnavailableException or ShardStoppedException => ExitCode.Unavailable,
        // Somebody else was at the same thing, or nobody can tell what came of it: the same command may do later.
        ImportRunningException or ConcurrencyException or AppendOutcomeUnknownException => ExitCode.Unavailable,
        PostgresException
        {
            SqlState: PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification
            or PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.DiskFull or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
        } => ExitCode.Unavailable,
        PostgresException => null, // the server answered: a statement of ours is wrong
        NpgsqlException or SocketException or TimeoutException => ExitCode.Unavailable,
        HttpRequestException { InnerException: SocketException or IOException } => ExitCode.Unavailable,
        IOException or UnauthorizedAccessException => ExitCode.Usage, // a file or folder that the caller named, or the home
        _ => null,
    };
}
