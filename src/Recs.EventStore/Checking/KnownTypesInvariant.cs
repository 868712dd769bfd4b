using Npgsql;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;

namespace Recs.EventStore.Checking;

/// <summary>Every alias in the log is registered (Marten's own ones apart), so that every event can be read.</summary>
internal sealed class KnownTypesInvariant(NpgsqlDataSource source, EventStoreOptions options, EventTypes types) : IInvariant
{
    private static readonly string[] Framework = [EventReader.Tombstone, "archived"];

    public string Name => "types-known";

    public async Task<Invariant> CheckAsync(CancellationToken cancel = default)
    {
        await using var command = source.CreateCommand($"select type, count(*), min(seq_id) from {options.Schema}.mt_events group by type order by type");
        command.CommandTimeout = 0;
        await using var row = await command.ExecuteReaderAsync(cancel);
        var known = 0;
        while (await row.ReadAsync(cancel))
        {
            var alias = row.GetString(0);
            if (!types.Knows(alias) && !Framework.Contains(alias))
            {
                return new(Name, false,
                    $"{row.GetInt64(1)} events, the first at position {row.GetInt64(2)}, have type '{alias}', which is not registered. Register its contract or an upcaster for it.");
            }
            known++;
        }
        return new(Name, true, $"{known} types in the log, all registered");
    }
}
