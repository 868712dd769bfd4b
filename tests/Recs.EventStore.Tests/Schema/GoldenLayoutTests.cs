using System.Runtime.CompilerServices;
using Shouldly;

namespace Recs.EventStore.Tests.Schema;

/// <summary>The layout as PostgreSQL's catalogue tells it, against <c>layout.golden.txt</c>: what a Marten application compares when it opens the database.</summary>
public sealed class GoldenLayoutTests
{
    private const string Columns = """
        select format('column %s.%s %s %s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' else 'null' end,
          coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), ''))
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
        where c.relnamespace = 'recs'::regnamespace and c.relkind = 'r' and (c.relname like 'mt\_%' or c.relname like 'recs\_%')
        order by c.relname, a.attnum
        """;

    private const string Constraints = """
        select format('constraint %s.%s %s', r.relname, c.conname, replace(pg_get_constraintdef(c.oid), 'recs.', ''))
        from pg_constraint c join pg_class r on r.oid = c.conrelid
        where r.relnamespace = 'recs'::regnamespace and r.relname like 'mt\_%' order by 1
        """;

    private const string Indexes = "select 'index ' || indexdef from pg_indexes where schemaname = 'recs' and tablename like 'mt\\_%' order by indexname";

    private const string Sequences = """
        select format('sequence %s start %s increment %s cache %s cycle %s', sequencename, start_value, increment_by, cache_size, cycle)
        from pg_sequences where schemaname = 'recs' order by 1
        """;

    private const string Functions = """
        select format('function %s(%s) returns %s', proname, pg_get_function_arguments(oid), pg_get_function_result(oid)) from pg_proc
        where pronamespace = 'recs'::regnamespace order by 1
        """;

    [Fact]
    public async Task The_tables_are_martens_to_the_name()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var lines = new List<string>();
        foreach (var query in new[] { Columns, Constraints, Indexes, Sequences, Functions }) lines.AddRange(await store.LinesAsync(query));

        var golden = await File.ReadAllLinesAsync(Path.Combine(Path.GetDirectoryName(Here())!, "layout.golden.txt"));

        // Other migrations may add recs_ tables; these may not change.
        lines.Where(l => !l.StartsWith("column recs_", StringComparison.Ordinal) || golden.Contains(l)).ShouldBe(golden);
    }

    [Fact]
    public async Task Nothing_but_martens_own_is_in_an_mt_table()
    {
        await using var store = await StoreDatabase.CreateAsync();

        (await store.ScalarAsync<long>("select count(*) from pg_trigger t join pg_class c on c.oid = t.tgrelid where c.relname like 'mt\\_%' and not t.tgisinternal")).ShouldBe(0);
        (await store.LinesAsync("select proname from pg_proc where pronamespace = 'recs'::regnamespace and proname like 'mt\\_%' order by 1"))
            .ShouldBe(["mt_archive_stream", "mt_mark_event_progression", "mt_mark_progression_with_skip", "mt_quick_append_events"]);
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
