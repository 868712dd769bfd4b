using Npgsql;
using NpgsqlTypes;
using static Recs.Projections.OnlineMetrics.OnlineTables;

namespace Recs.Projections.OnlineMetrics;

/// <summary>Reads and writes what is stored about people, for a batch.</summary>
internal sealed class PeopleTables(NpgsqlConnection connection, IdPool ids, SeriesPool pool)
{
    // The fence (offset 0) makes each stretch one probe of the primary key, whatever the planner believes about the sizes. That the text of a movie's id
    // occurs is less than that the movie does, and enough to leave nearly all slates where they are.
    private const string SelectSlates =
        $"""
         select k.user_id, s.* from unnest($1, $2, $3, $4) k(user_id, movie, first, last)
         cross join lateral (
           select {SlateColumns} from {Slates} s
           where s.user_id = k.user_id and s.at between k.first and k.last and (k.movie is null or strpos(s.items, k.movie) > 0) offset 0) s
         """;
    private const string SelectHours =
        $"""
         select k.user_id, o.hour, o.items from unnest($1, $2, $3) k(user_id, first, last)
         cross join lateral (select hour, items from {Outcomes} o where o.user_id = k.user_id and o.hour between k.first and k.last offset 0) o
         """;

    /// <summary>Definitions that events made, and who of the given people asked to be forgotten before.</summary>
    public async Task<(List<MetricDefinition> Defined, List<string> Erased)> KnownAsync(IEnumerable<string> users, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(DefinitionTable.Select);
        batch.Add($"select user_id from {Erased} where user_id = any($1)", Array(users));
        await batch.PrepareAsync(cancel); // once per connection
        await using var row = await batch.ExecuteReaderAsync(cancel);
        var defined = await DefinitionTable.ReadAsync(row, cancel);
        await row.NextResultAsync(cancel);
        var erased = new List<string>();
        while (await row.ReadAsync(cancel)) erased.Add(row.GetString(0));
        return (defined, erased);
    }

    /// <summary>Loads the people's sessions, and of their slates those that are sought.</summary>
    public async Task LoadSlatesAsync(IReadOnlyDictionary<string, PersonInBatch> people, SlatesSought sought, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add($"select user_id, items from {Sessions} where user_id = any($1)", Array(people.Keys));
        if (sought.Users.Count > 0) batch.Add(SelectSlates, Array(sought.Users), Array(sought.Movies), Array(sought.First), Array(sought.Last));
        await batch.PrepareAsync(cancel); // once per connection
        await using var row = await batch.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel)) people[row.GetString(0)].Sessions = UserSessions.Unpack(row.GetFieldValue<byte[]>(1), ids, pool);
        await row.NextResultAsync(cancel);
        var seen = new HashSet<long>(); // a slate may hold several of the movies that were sought
        while (await row.ReadAsync(cancel))
            if (seen.Add(row.GetInt64(2)))
                people[row.GetString(0)].OldSlates.Add(ReadSlate(row, 1, pool));
    }

    /// <summary>Loads what the people did inside the windows of their slates, new and loaded.</summary>
    public async Task LoadOutcomesAsync(IReadOnlyDictionary<string, PersonInBatch> people, long window, CancellationToken cancel)
    {
        var sought = new HoursSought();
        foreach (var (user, person) in people) sought.Add(user, person.NewSlates.Concat(person.OldSlates), window);
        if (sought.Users.Count == 0) return;
        await using var command = new NpgsqlCommand(SelectHours, connection) { Parameters = { Array(sought.Users), Array(sought.First), Array(sought.Last) } };
        await command.PrepareAsync(cancel); // once per connection
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel)) OutcomeHour.Unpack(row.GetInt64(1), row.GetFieldValue<byte[]>(2), ids, people[row.GetString(0)].Outcomes);
    }

    /// <summary>Stores the facts of a batch, and nothing any more of those who asked to be forgotten in it.</summary>
    public async Task StoreAsync(IReadOnlyDictionary<string, PersonInBatch> people, CancellationToken cancel)
    {
        var slates = people.SelectMany(p => p.Value.NewSlates.Select(s => (p.Key, s))).ToList();
        if (slates.Count > 0) await CopySlatesAsync(connection, Slates, slates, cancel);
        await using var batch = new NpgsqlBatch(connection);
        AddHours(batch, people);
        AddSessions(batch, people);
        var erased = people.Where(p => p.Value.Erased).Select(p => p.Key).ToArray();
        if (erased.Length > 0)
            foreach (var table in new[] { Slates, Outcomes, Sessions })
                batch.Add($"delete from {table} where user_id = any($1)", Array(erased));
        if (batch.BatchCommands.Count > 0)
        {
            await batch.PrepareAsync(cancel); // once per connection
            await batch.ExecuteNonQueryAsync(cancel);
        }
        await AddErasedAsync(erased, connection, Erased, cancel);
    }

    /// <summary>Puts down who asked to be forgotten.</summary>
    public static async Task AddErasedAsync(IEnumerable<string> users, NpgsqlConnection connection, string table, CancellationToken cancel)
    {
        var erased = Array(users);
        if (erased.TypedValue!.Length == 0) return;
        await using var command = new NpgsqlCommand($"insert into {table} (user_id) select * from unnest($1) on conflict do nothing", connection);
        command.Parameters.Add(erased);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>People with slates after a user id, in the database's order of ids, with all their slates and what they did in the windows of those.</summary>
    public async Task<Dictionary<string, PersonInBatch>> PageAsync(string after, int size, long window, CancellationToken cancel)
    {
        var people = new Dictionary<string, PersonInBatch>(StringComparer.Ordinal);
        await using (var command = new NpgsqlCommand($"select distinct user_id from {Slates} where user_id > $1 order by user_id limit $2", connection))
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = after });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = size });
            await using var row = await command.ExecuteReaderAsync(cancel);
            while (await row.ReadAsync(cancel)) people.Add(row.GetString(0), new());
        }
        var all = new SlatesSought();
        foreach (var user in people.Keys) all.AddAll(user);
        await LoadSlatesAsync(people, all, cancel);
        await LoadOutcomesAsync(people, window, cancel);
        return people;
    }

    private static void AddHours(NpgsqlBatch batch, IReadOnlyDictionary<string, PersonInBatch> people)
    {
        var hours = people.SelectMany(p => p.Value.NewHours().Select(h => (User: p.Key, Hour: h))).ToList();
        if (hours.Count == 0) return;
        batch.Add(
            $"insert into {Outcomes} as t (user_id, hour, items) select * from unnest($1, $2, $3) on conflict (user_id, hour) do update set items = t.items || excluded.items",
            Array(hours.Select(h => h.User)), Array(hours.Select(h => h.Hour.Hour)), Bytes(hours.Select(h => h.Hour.Packed.ToArray())));
    }

    private static void AddSessions(NpgsqlBatch batch, IReadOnlyDictionary<string, PersonInBatch> people)
    {
        var packed = new byte[1024];
        var (users, items) = (new List<string>(), new List<byte[]>());
        foreach (var (user, person) in people.Where(p => !p.Value.Erased && !p.Value.Sessions.IsEmpty))
        {
            var length = person.Sessions.Pack(ref packed);
            users.Add(user);
            items.Add(packed[..length]);
        }
        if (users.Count == 0) return;
        batch.Add(
            $"insert into {Sessions} as t (user_id, items) select * from unnest($1, $2) on conflict (user_id) do update set items = excluded.items", Array(users), Bytes(items));
    }

    private static NpgsqlParameter<byte[][]> Bytes(IEnumerable<byte[]> values) => new() { TypedValue = [.. values], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };
}
