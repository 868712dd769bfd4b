using System.Reflection;
using Npgsql;

namespace Recs.EventStore.Schema;

/// <summary>
/// Applies the numbered SQL files embedded as <c>db/NNNN-name.sql</c> in the given assemblies, in the order of their names, each in its
/// own transaction, once, recorded with its sha256 in <c>recs_migrations</c>, under an advisory lock so that nodes may start together.
/// <c>{schema}</c> in a file is replaced by the store's schema.
/// </summary>
public static class SchemaMigrations
{
    /// <summary>Brings the database up to date.</summary>
    /// <returns>Names of the files that were applied now.</returns>
    /// <exception cref="InvalidOperationException">A file that was applied before has changed since.</exception>
    public static Task<IReadOnlyList<string>> ApplyAsync(NpgsqlDataSource source, EventStoreOptions options, IEnumerable<Assembly> assemblies, CancellationToken cancel = default) => throw new NotImplementedException();
}
