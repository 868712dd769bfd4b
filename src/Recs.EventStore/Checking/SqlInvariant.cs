using Npgsql;

namespace Recs.EventStore.Checking;

/// <summary>An invariant as a query for its first violation.</summary>
/// <param name="source">Database.</param>
/// <param name="name">Stable name.</param>
/// <param name="held">What is true if the query gives no row.</param>
/// <param name="violation">Query of one text column: the first violation, in words.</param>
public sealed class SqlInvariant(NpgsqlDataSource source, string name, string held, string violation) : IInvariant
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public async Task<Invariant> CheckAsync(CancellationToken cancel = default)
    {
        await using var command = source.CreateCommand(violation);
        command.CommandTimeout = 0;
        return await command.ExecuteScalarAsync(cancel) is string found ? new(name, false, found) : new(name, true, held);
    }
}
