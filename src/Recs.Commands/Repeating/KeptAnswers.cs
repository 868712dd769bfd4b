using Microsoft.AspNetCore.Http;
using Npgsql;
using NpgsqlTypes;
using Recs.Commands.Recording;
using Recs.EventStore;
using Recs.EventStore.Appending;

namespace Recs.Commands.Repeating;

/// <summary>
/// The answers that repeated requests get again (table <c>recs_idempotency_keys</c>). A row commits with the events of its command, so an append whose answer
/// was lost is found by the retry; of two requests at the same time the second fails on the primary key and reads the row of the first. A refused command is not
/// kept: it stored nothing. The answer to a batch is kept whatever became of its lines: lines that shall be tried again need another key.
/// </summary>
internal sealed class KeptAnswers(NpgsqlDataSource source, EventStoreOptions options)
{
    /// <summary>How long an answer is kept, in real time: that is what callers try again in.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private const string PrimaryKey = "recs_idempotency_keys_pkey";
    private readonly string _table = options.Schema + ".recs_idempotency_keys";

    /// <summary>Whether an append failed because its key is taken.</summary>
    public static bool IsTaken(PostgresException e) => e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: PrimaryKey };

    /// <summary>The kept answer, or null.</summary>
    /// <exception cref="CommandRefusedException">422: the key was used for another body.</exception>
    public async Task<CommandAnswer?> FindAsync(RepeatableRequest request, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(
            $"select body_sha256, status, answer, content_type, sequence, version, expires_at from {_table} where id = $1");
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = request.Id });
        await using (var row = await command.ExecuteReaderAsync(cancel))
        {
            if (!await row.ReadAsync(cancel))
                return null;
            if (row.GetFieldValue<DateTimeOffset>(6) > options.WallClock.GetUtcNow())
                return row.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(request.BodySha256)
                    ? new(row.GetInt16(1), row.GetFieldValue<byte[]>(2), row.GetString(3), Number(row, 4), Number(row, 5), Replayed: true)
                    : throw new CommandRefusedException(
                        StatusCodes.Status422UnprocessableEntity, $"This {RepeatableRequest.Header} was used for another body. Use a new key for a new command.");
        }
        await DeleteExpiredAsync(request, cancel); // the sweep has not come by yet
        return null;
    }

    /// <summary>The statement that keeps an answer in the commit of its events.</summary>
    public SideRow Keep(RepeatableRequest request, Func<AppendResult, CommandAnswer> answer) => new(
        $"insert into {_table} (id, body_sha256, expires_at, status, answer, content_type, sequence, version) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        [
            new NpgsqlParameter<byte[]> { TypedValue = request.Id },
            new NpgsqlParameter<byte[]> { TypedValue = request.BodySha256 },
            new NpgsqlParameter<DateTimeOffset> { TypedValue = options.WallClock.GetUtcNow() + Lifetime },
        ],
        landed =>
        {
            var given = answer(landed);
            return
            [
                new NpgsqlParameter<short> { TypedValue = (short)given.Status },
                new NpgsqlParameter<byte[]> { TypedValue = given.Body },
                new NpgsqlParameter<string> { TypedValue = given.ContentType },
                new NpgsqlParameter { Value = (object?)given.Sequence ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
                new NpgsqlParameter { Value = (object?)given.Version ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
            ];
        });

    /// <summary>Deletes answers that have had their time, at most so many.</summary>
    /// <returns>How many were deleted.</returns>
    public async Task<int> DeleteExpiredAsync(int most, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(
            $"delete from {_table} where id in (select id from {_table} where expires_at <= $1 order by expires_at limit $2 for update skip locked)");
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = options.WallClock.GetUtcNow() });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = most });
        return await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task DeleteExpiredAsync(RepeatableRequest request, CancellationToken cancel)
    {
        await using var command = source.CreateCommand($"delete from {_table} where id = $1 and expires_at <= $2");
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = request.Id });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = options.WallClock.GetUtcNow() });
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static long? Number(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
