using System.Runtime.InteropServices;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using Recs.Contracts;
using Recs.EventStore;
using Recs.EventStore.Projecting;

namespace Recs.Projections.UserHistory;

/// <summary>Folds each stream <c>user-{id}</c> into one packed row of <c>read.user_history</c> (db/0101-user-history.sql).</summary>
public sealed class UserHistoryProjection : IProjection
{
    private const string Table = "read.user_history";
    private static readonly string StreamPrefix = StreamIds.User("");
    private readonly IdPool ids = new();

    /// <inheritdoc/>
    public string Name => "UserHistory";
    /// <inheritdoc/>
    public IReadOnlyList<string> Types => UserHistoryState.Types;
    /// <inheritdoc/>
    public IReadOnlyList<string> Tables { get; } = [Table];

    /// <inheritdoc/>
    public IProjectionFold BeginFold() => new Fold();

    /// <inheritdoc/>
    public async Task ApplyAsync(IReadOnlyList<RecordedEvent> events, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        var states = await LoadAsync([.. events.Select(e => UserIdOf(e.StreamId)).Distinct(StringComparer.Ordinal)], connection, transaction, cancel);
        foreach (var e in events)
        {
            var user = UserIdOf(e.StreamId);
            states[user] = states.GetValueOrDefault(user, UserHistoryState.Empty).Apply(e, ids);
        }
        await StoreAsync(states, connection, transaction, cancel);
    }

    private static string UserIdOf(string stream) => stream.StartsWith(StreamPrefix, StringComparison.Ordinal)
        ? stream[StreamPrefix.Length..]
        : throw new FormatException($"A fact about a person stands in stream '{stream}', expected a stream '{StreamPrefix}...'.");

    private async Task<Dictionary<string, UserHistoryState>> LoadAsync(
        string[] users, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"select {UserHistoryRow.Columns} from {Table} where user_id = any($1)", connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = users });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var states = new Dictionary<string, UserHistoryState>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancel)) states.Add(reader.GetString(0), UserHistoryRow.Read(reader, 0, ids));
        return states;
    }

    private static async Task StoreAsync(
        Dictionary<string, UserHistoryState> states, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            $"""
             insert into {Table} ({UserHistoryRow.Columns})
             select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             on conflict (user_id) do update set
               version = excluded.version, last_sequence = excluded.last_sequence, digest = excluded.digest, erased = excluded.erased, gender = excluded.gender,
               age = excluded.age, occupation = excluded.occupation, zip_code = excluded.zip_code, entries = excluded.entries, items = excluded.items
             """, connection, transaction);
        void Add<T>(NpgsqlDbType type, Func<UserHistoryState, T> value)
            => command.Parameters.Add(new() { Value = states.Values.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. states.Keys] });
        Add(NpgsqlDbType.Bigint, s => s.Version);
        Add(NpgsqlDbType.Bigint, s => s.Sequence);
        Add(NpgsqlDbType.Bigint, s => unchecked((long)s.Digest));
        Add(NpgsqlDbType.Boolean, s => s.Erased);
        Add(NpgsqlDbType.Text, s => s.Person.Gender);
        Add(NpgsqlDbType.Integer, s => s.Person.Age);
        Add(NpgsqlDbType.Text, s => s.Person.Occupation);
        Add(NpgsqlDbType.Text, s => s.Person.ZipCode);
        Add(NpgsqlDbType.Integer, s => s.Count);
        Add(NpgsqlDbType.Bytea, s => PackedHistory.Pack(s.Entries));
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>One state per person, found by the stream's bytes.</summary>
    private sealed class Fold : IProjectionFold
    {
        private readonly IdPool ids = new();
        private readonly Dictionary<string, UserHistoryState> states = new(Utf8Comparer.Instance);

        public void Apply(in RawEvent e)
        {
            ref var state = ref CollectionsMarshal.GetValueRefOrAddDefault(states.GetAlternateLookup<ReadOnlySpan<byte>>(), e.StreamId, out var known);
            if (!known) _ = UserIdOf(Encoding.UTF8.GetString(e.StreamId)); // here, where the fold can still name the event that is to blame
            state = (state ?? UserHistoryState.Empty).Apply(e, ids);
        }

        public async Task WriteAsync(NpgsqlConnection connection, Func<string, string> table, CancellationToken cancel)
        {
            await using var import = await connection.BeginBinaryImportAsync($"copy {table(Table)} ({UserHistoryRow.Columns}) from stdin (format binary)", cancel);
            var packed = new byte[4096];
            foreach (var (stream, state) in states)
            {
                await import.StartRowAsync(cancel);
                await import.WriteAsync(UserIdOf(stream), NpgsqlDbType.Text, cancel);
                await import.WriteAsync(state.Version, NpgsqlDbType.Bigint, cancel);
                await import.WriteAsync(state.Sequence, NpgsqlDbType.Bigint, cancel);
                await import.WriteAsync(unchecked((long)state.Digest), NpgsqlDbType.Bigint, cancel);
                await import.WriteAsync(state.Erased, NpgsqlDbType.Boolean, cancel);
                await WriteOrNullAsync(import, state.Person.Gender, cancel);
                if (state.Person.Age is { } age) await import.WriteAsync(age, NpgsqlDbType.Integer, cancel);
                else await import.WriteNullAsync(cancel);
                await WriteOrNullAsync(import, state.Person.Occupation, cancel);
                await WriteOrNullAsync(import, state.Person.ZipCode, cancel);
                await import.WriteAsync(state.Count, NpgsqlDbType.Integer, cancel);
                var length = PackedHistory.Pack(state.Entries, ref packed);
                await import.WriteAsync(new ReadOnlyMemory<byte>(packed, 0, length), NpgsqlDbType.Bytea, cancel);
            }
            await import.CompleteAsync(cancel);
        }

        private static Task WriteOrNullAsync(NpgsqlBinaryImporter import, string? text, CancellationToken cancel)
            => text is null ? import.WriteNullAsync(cancel) : import.WriteAsync(text, NpgsqlDbType.Text, cancel);
    }
}
