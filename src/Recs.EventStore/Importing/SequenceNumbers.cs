using Npgsql;

namespace Recs.EventStore.Importing;

/// <summary>Sequence numbers drawn together: one run, or a few where other writers drew in between.</summary>
internal sealed class SequenceNumbers
{
    private readonly List<(int Index, long First)> runs = [];
    private int last;

    /// <summary>Draws numbers; the transaction holds the sequence's lock until its end, which tells readers that it may still fill them.</summary>
    public static async Task<SequenceNumbers> DrawAsync(NpgsqlConnection connection, string schema, int count, CancellationToken cancel)
    {
        var numbers = new SequenceNumbers();
        if (count == 0) return numbers;
        // Numbers come in rising order, so that number minus position is constant along a run.
        await using var command = new NpgsqlCommand(
            $"""
             with drawn as materialized (select nextval('{schema}.mt_events_sequence') as number, position from generate_series(1, $1) as position)
             select min(position) - 1, min(number) from drawn group by number - position order by 1
             """, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) numbers.runs.Add((reader.GetInt32(0), reader.GetInt64(1)));
        return numbers;
    }

    /// <summary>The number of the event at an index; indexes are asked for in rising order.</summary>
    public long this[int index]
    {
        get
        {
            if (index < runs[last].Index) last = 0;
            while (last + 1 < runs.Count && runs[last + 1].Index <= index) last++;
            return runs[last].First + index - runs[last].Index;
        }
    }
}
