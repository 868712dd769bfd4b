using Npgsql;

namespace Recs.Projections.UserHistory;

/// <summary>A row of <c>read.user_history</c>.</summary>
internal static class UserHistoryRow
{
    /// <summary>Columns in the table's order.</summary>
    public const string Columns = "user_id, version, last_sequence, digest, erased, gender, age, occupation, zip_code, entries, items";

    /// <summary>Reads the state from the columns of <see cref="Columns"/>, which begin at <paramref name="first"/>.</summary>
    public static UserHistoryState Read(NpgsqlDataReader reader, int first, IdPool ids)
    {
        string? Text(int column) => reader.IsDBNull(first + column) ? null : reader.GetString(first + column);
        var person = new Person(Text(5), reader.IsDBNull(first + 6) ? null : reader.GetInt32(first + 6), Text(7), Text(8));
        var entries = PackedHistory.Unpack(reader.GetFieldValue<byte[]>(first + 10), reader.GetInt32(first + 9), ids);
        return new(
            reader.GetInt64(first + 1), reader.GetInt64(first + 2), unchecked((ulong)reader.GetInt64(first + 3)), reader.GetBoolean(first + 4),
            person, HistoryEntries.Of(entries));
    }
}
