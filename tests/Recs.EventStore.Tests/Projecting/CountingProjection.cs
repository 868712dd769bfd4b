using System.Text;
using Npgsql;
using Recs.EventStore.Projecting;

namespace Recs.EventStore.Tests.Projecting;

/// <summary>Counts the events of each stream; breaks on an event whose body says so, and on writing the row of a stream whose name says so.</summary>
internal sealed class CountingProjection(string name = "Counting", string type = "thing_happened") : IProjection
{
    public static string CreateTable(string name = "Counting") => $"create table {name} (stream text primary key, n bigint not null, last bigint not null)";

    /// <summary>Called with each batch before its rows are written.</summary>
    public Func<IReadOnlyList<RecordedEvent>, NpgsqlConnection, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    public TimeSpan BatchEvery { get; init; }

    public string Name => name;
    public IReadOnlyList<string> Types => [type];
    public IReadOnlyList<string> Tables => [name];

    public async Task ApplyAsync(IReadOnlyList<RecordedEvent> events, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        await Before(events, connection);
        var fold = new Fold(name);
        foreach (var e in events) fold.Apply(e.StreamId, e.Sequence, e.Data.Span);
        await fold.WriteAsync(connection, t => t, cancel);
    }

    public IProjectionFold BeginFold() => new Fold(name);

    private sealed class Fold(string table) : IProjectionFold
    {
        private readonly Dictionary<string, (long N, long Last)> counts = [];

        public void Apply(in RawEvent e) => Apply(Encoding.UTF8.GetString(e.StreamId), e.Sequence, e.Data);

        public void Apply(string stream, long sequence, ReadOnlySpan<byte> data)
        {
            if (data.IndexOf("poison"u8) >= 0) throw new FormatException("This event is poison.");
            counts[stream] = (counts.GetValueOrDefault(stream).N + 1, sequence);
        }

        public async Task WriteAsync(NpgsqlConnection connection, Func<string, string> map, CancellationToken cancel)
        {
            if (counts.ContainsKey("unwritable")) throw new FormatException("This row cannot be written.");
            await using var command = new NpgsqlCommand(
                $"insert into {map(table)} as t select * from unnest($1, $2, $3) on conflict (stream) do update set n = t.n + excluded.n, last = excluded.last", connection);
            command.Parameters.Add(new() { Value = counts.Keys.ToArray() });
            command.Parameters.Add(new() { Value = counts.Values.Select(c => c.N).ToArray() });
            command.Parameters.Add(new() { Value = counts.Values.Select(c => c.Last).ToArray() });
            await command.ExecuteNonQueryAsync(cancel);
        }
    }
}
