using Npgsql;
using Recs.EventStore;
using Recs.EventStore.Reading;

namespace Recs.Projections.Relaying;

/// <summary>
/// Events at numbers that the log had passed as gone (<see cref="EventStore.Following.HighWaterMark.Late"/>): the relay's position may be past them, so they wait in <c>recs_relay_late</c>
/// until they are told, out of the log's order. Few logs ever have one.
/// </summary>
internal sealed class LateEvents(EventReader reader, EventStoreOptions options, string name)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private PageInFlight? _page;
    private long _lookedAt;

    /// <summary>The event that the broker has not acknowledged yet; null for none.</summary>
    public RecordedEvent? UnderWay => _page?.Events[0];

    /// <summary>A new publisher begins: what the last one had under way is told again.</summary>
    public void Begin() => (_page, _lookedAt) = (null, 0);

    /// <summary>Tells what waits, one event at a time and with nothing else under way, so that a refusal is known to be that event's.</summary>
    /// <param name="connection">Open connection.</param>
    /// <param name="publisher">Sends.</param>
    /// <param name="table">What events say on topics.</param>
    /// <param name="position">Position of the relay: what lies past it comes by itself.</param>
    /// <param name="alone">Nothing else is under way.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>True while there is one: nothing else may be sent then.</returns>
    /// <exception cref="InvalidDataException">The body of the event is not what its alias promises.</exception>
    public async Task<bool> TellAsync(NpgsqlConnection connection, Publisher publisher, EventMessages table, long position, bool alone, CancellationToken cancel)
    {
        if (_page is { HasArrived: true } told)
        {
            await ToldAsync(connection, told.Through, cancel);
            Begin();
        }
        if (_page is not null) return true;
        if (Environment.TickCount64 - _lookedAt < LookEvery.TotalMilliseconds) return false;
        if (await FindAsync(connection, position, table.Types, cancel) is not { } late)
        {
            _lookedAt = Environment.TickCount64;
            return false;
        }
        if (!alone) return true;
        _page = new([late], late.Sequence);
        await publisher.SendAsync(_page, table, cancel);
        return true;
    }

    /// <summary>The first one that waits; those that are not for any topic, or were erased meanwhile, are let go.</summary>
    private async Task<RecordedEvent?> FindAsync(NpgsqlConnection connection, long through, IReadOnlyCollection<string> types, CancellationToken cancel)
    {
        while (await FirstAsync(connection, through, cancel) is { } sequence)
        {
            await foreach (var e in reader.ReadLogAsync(sequence - 1, sequence, types, cancel))
                return e;
            await ToldAsync(connection, sequence, cancel);
        }
        return null;
    }

    /// <summary>The broker has it, or nobody wants it.</summary>
    private async Task ToldAsync(NpgsqlConnection connection, long sequence, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"delete from {options.Schema}.recs_relay_late where name = $1 and seq_id = $2", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = sequence });
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task<long?> FirstAsync(NpgsqlConnection connection, long through, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"select min(seq_id) from {options.Schema}.recs_relay_late where name = $1 and seq_id <= $2", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = through });
        return await command.ExecuteScalarAsync(cancel) as long?;
    }
}
