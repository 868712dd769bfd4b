using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Recs.EventStore.Schema;

/// <summary>
/// Applies the numbered SQL files embedded as <c>db/NNNN-name.sql</c> in the given assemblies, in the order of their names, each in its
/// own transaction, once, recorded with its sha256 in <c>recs_migrations</c>, under an advisory lock so that nodes may start together.
/// <c>{schema}</c> in a file is replaced by the store's schema.
/// </summary>
public static class SchemaMigrations
{
    private sealed record Migration(string Name, string Sql)
    {
        /// <summary>Over LF line ends, so that a checkout with other line ends is the same file.</summary>
        public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));
    }

    /// <summary>Brings the database up to date.</summary>
    /// <param name="source">Database.</param>
    /// <param name="options">Names the schema.</param>
    /// <param name="assemblies">Assemblies that embed SQL files; one given twice counts once.</param>
    /// <param name="cancel">Stops between files; a file is applied whole or not at all.</param>
    /// <returns>Names of the files that were applied now.</returns>
    /// <exception cref="InvalidOperationException">A file that was applied before has changed since, or two files share a name.</exception>
    public static async Task<IReadOnlyList<string>> ApplyAsync(
        NpgsqlDataSource source, EventStoreOptions options, IEnumerable<Assembly> assemblies, CancellationToken cancel = default)
    {
        var files = Embedded(assemblies);
        await using var connection = await source.OpenConnectionAsync(cancel);
        await ExecuteAsync(connection, "select pg_advisory_lock(hashtextextended($1, 0))", cancel, "recs_migrations:" + options.Schema);
        try
        {
            await CreateBookAsync(connection, options.Schema, cancel);
            var book = await ReadBookAsync(connection, options.Schema, cancel);
            var applied = new List<string>();
            foreach (var file in files)
            {
                if (!book.TryGetValue(file.Name, out var sha256))
                {
                    await ApplyAsync(connection, options, file, cancel);
                    applied.Add(file.Name);
                }
                else if (sha256 != file.Sha256)
                {
                    throw new InvalidOperationException(
                        $"{file.Name} was applied to schema '{options.Schema}' with sha256 {sha256} and has sha256 {file.Sha256} now. "
                        + "A migration that was applied is never edited: restore the file and put the change into a new one.");
                }
            }

            return applied;
        }
        finally
        {
            // A broken connection has let go of the lock already.
            if (connection.FullState.HasFlag(System.Data.ConnectionState.Open))
                await ExecuteAsync(connection, "select pg_advisory_unlock(hashtextextended($1, 0))", CancellationToken.None, "recs_migrations:" + options.Schema);
        }
    }

    private static List<Migration> Embedded(IEnumerable<Assembly> assemblies)
    {
        var files = new SortedDictionary<string, Migration>(StringComparer.Ordinal);
        foreach (var assembly in assemblies.Distinct())
        {
            foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith("db/", StringComparison.Ordinal) && n.EndsWith(".sql", StringComparison.Ordinal)))
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
                if (!files.TryAdd(name, new(name, reader.ReadToEnd())))
                    throw new InvalidOperationException($"{name} is embedded in two assemblies, the second being {assembly.GetName().Name}. Each migration has one home.");
            }
        }

        return [.. files.Values];
    }

    private static async Task CreateBookAsync(NpgsqlConnection connection, string schema, CancellationToken cancel) =>
        await ExecuteAsync(connection, $"""
            create schema if not exists {schema};
            create table if not exists {schema}.recs_migrations (
              name varchar primary key,
              sha256 varchar not null,
              applied_at timestamptz not null
            )
            """, cancel);

    private static async Task<Dictionary<string, string>> ReadBookAsync(NpgsqlConnection connection, string schema, CancellationToken cancel)
    {
        var book = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand($"select name, sha256 from {schema}.recs_migrations", connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) book.Add(reader.GetString(0), reader.GetString(1));
        return book;
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, EventStoreOptions options, Migration file, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await ExecuteAsync(connection, file.Sql.Replace("{schema}", options.Schema, StringComparison.Ordinal), cancel);
        await ExecuteAsync(
            connection, $"insert into {options.Schema}.recs_migrations (name, sha256, applied_at) values ($1, $2, $3)", cancel,
            file.Name, file.Sha256, options.WallClock.GetUtcNow());
        await transaction.CommitAsync(cancel);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancel);
    }
}
