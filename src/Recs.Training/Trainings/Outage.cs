using Npgsql;
using Recs.EventStore.Appending;

namespace Recs.Training.Trainings;

/// <summary>Tells a database that is away from one that refuses: only the first is no attempt of the job.</summary>
internal static class Outage
{
    /// <summary>Whether the connection was lost or could not be had.</summary>
    public static bool Is(Exception e) => e switch
    {
        PostgresException { SqlState: ['0', '8', ..] or "57P01" or "57P02" or "57P03" or "53300" } => true,
        PostgresException => false,
        _ => e is NpgsqlException or TimeoutException or AppendOutcomeUnknownException,
    };
}
