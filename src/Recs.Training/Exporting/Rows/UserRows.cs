using System.Text.Json;
using Recs.Contracts;
using Recs.Contracts.Users;
using Recs.Training.Exporting.Tables;

namespace Recs.Training.Exporting.Rows;

/// <summary>The table of a snapshot's people, by id; those of whom nothing is known have nothing but their id.</summary>
internal sealed class UserRows(ITableWriter table, LatestFacts facts, bool withZip)
{
    /// <summary>Its columns.</summary>
    /// <param name="withZip">Whether the zip code is one of them.</param>
    public static TableSchema SchemaOf(bool withZip) => new("users",
    [
        new("user_id", ColumnType.Text), new("gender", ColumnType.Text, Optional: true), new("age", ColumnType.Int32, Optional: true), new("occupation", ColumnType.Text, Optional: true),
        .. withZip ? (TableColumn[])[new("zip_code", ColumnType.Text, Optional: true)] : [],
    ]);

    /// <summary>Writes all rows.</summary>
    public async Task WriteAsync(SeenIds seen, CancellationToken cancel)
    {
        await foreach (var (id, body) in facts.ReadAsync(seen.Users, StreamIds.User(""), [EventAliases.UserRegistered, EventAliases.UserChanged], cancel))
            Write(id, body is { } json ? JsonSerializer.Deserialize(json.Span, EventJson.Default.UserRegistered) : null); // registered and changed have the same shape
    }

    private void Write(string id, UserRegistered? user)
    {
        table.Text(id);
        table.Text(user?.Gender);
        table.Whole(user?.Age);
        table.Text(user?.Occupation);
        if (withZip)
            table.Text(user?.ZipCode);
        table.EndRow();
    }
}
