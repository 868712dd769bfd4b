using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using NpgsqlTypes;
using Recs.Contracts.Callers;
using Recs.Queries.Asking;

namespace Recs.Queries.People;

/// <summary>A person whose id was found.</summary>
/// <param name="UserId">Text id.</param>
/// <param name="Entries">Ratings, openings and runs of watched minutes in the history.</param>
/// <param name="LastSequence">Log position of the newest fact about the person.</param>
public sealed record FoundUser(string UserId, int Entries, long LastSequence);

/// <summary>People whose ids are like what somebody typed.</summary>
/// <param name="Items">The id itself, then ids that begin so, then ids that are alike; within each in ordinal order, those that are alike by likeness first.</param>
/// <param name="NextSkip"><c>skip</c> of the next page; null if this is the last one.</param>
/// <param name="Note">What this database cannot do, or null.</param>
/// <param name="ThroughSequence">Log position that the histories were folded through.</param>
public sealed record UserSearch(IReadOnlyList<FoundUser> Items, int? NextSkip, string? Note, long ThroughSequence);

/// <summary><c>GET /users</c>, for services and admins. People who asked to be forgotten are not found.</summary>
public sealed class FindUsers(NpgsqlDataSource source, ReadModels models)
{
    private const int DefaultK = 20, MostK = 100, MostSkip = 100_000;
    private static readonly string[] Known = ["q", "k", "skip", "minSequence", "wait"];

    private string Sql(string found)
        => $"""
            select {models.PositionOf("UserHistory")}, read.misspelling(), u.user_id, u.entries, u.last_sequence
            from (values (1)) as one left join lateral ({found}) u on true order by u.place
            """;

    private const string All =
        "select row_number() over (order by user_id collate \"C\") as place, user_id, entries, last_sequence from read.user_history where not erased order by user_id collate \"C\" offset $1 limit $2";

    // Ids that are alike are sought only if none begins so: a misspelt id.
    private const string Typed =
        """
        with begun as not materialized (
          select row_number() over (order by user_id collate "C") as place, user_id, entries, last_sequence from read.user_history
          where not erased and user_id collate "C" >= $3 and user_id collate "C" < $3 || chr(1114111)),
        alike as (
          select row_number() over (order by read.title_similarity(user_id, $3) desc, user_id collate "C") as place, user_id, entries, last_sequence from read.user_history
          where not erased and user_id in (select read.user_ids_like($3)) and not exists (select from begun))
        (select * from begun order by place offset $1 limit $2) union all (select * from alike order by place offset $1 limit $2)
        """;

    /// <summary>Finds people.</summary>
    /// <param name="q">The id or its beginning; null for everybody.</param>
    /// <param name="skip">People to pass over.</param>
    /// <param name="k">Most people.</param>
    /// <param name="cancel">Stops the search.</param>
    public async Task<UserSearch> FindAsync(string? q, int skip, int k, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(Sql(q is null ? All : Typed));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = skip });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = k + 1 }); // one more tells whether there is a next page
        if (q is not null)
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = q, NpgsqlDbType = NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(cancel);
        var (found, note, through) = (new List<FoundUser>(k + 1), (string?)null, 0L);
        while (await row.ReadAsync(cancel))
        {
            (through, note) = (row.GetInt64(0), row.IsDBNull(1) ? null : row.GetString(1));
            if (!row.IsDBNull(2))
                found.Add(new(row.GetString(2), row.GetInt32(3), row.GetInt64(4)));
        }
        return new(found.Count > k ? found[..k] : found, found.Count > k && skip + k <= MostSkip ? skip + k : null, note, through);
    }

    /// <summary>Maps the route.</summary>
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/users", HandleAsync)
        .RequireAuthorization(AccessPolicies.Trusted)
        .WithName("FindUsers").WithTags("People").WithSummary("Find people by id, misspelt or not")
        .Produces<UserSearch>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    // The parameters are read by QueryReader, which names what is wrong; here they stand for the OpenAPI document.
    private static async Task<IResult> HandleAsync(
        HttpContext http, FindUsers users, ReadModels models,
        [FromQuery, Description("The id or its beginning, 1 to 200 characters; everybody if left out.")] string? q,
        [FromQuery, Description("People, 1 to 100; 20 if left out."), WholeNumber(1, MostK, DefaultK)] string? k,
        [FromQuery, Description("People to pass over: nextSkip of the page before."), WholeNumber(0, MostSkip, 0)] string? skip,
        [FromQuery, Description("Answer only once the histories were folded through this log position.")] string? minSequence,
        [FromQuery, Description("Seconds to wait for minSequence, 0 to 30; 2 if left out.")] string? wait)
    {
        http.Response.Headers.CacheControl = "no-store";
        var read = new QueryReader(http.Request, Known);
        var (typed, most) = (read.Text("q"), (int)read.Number("k", DefaultK, 1, MostK, "a whole number from 1 to 100"));
        var pass = (int)read.Number("skip", 0, 0, MostSkip, "a whole number from 0 to 100000");
        var (least, patience) = (read.MinSequence(), read.Wait());
        if (read.Refusal is { } refusal)
            return refusal;
        if (!await models.ReachAsync("UserHistory", least, patience, http.RequestAborted))
            return Refusal.NotYet(http, $"The histories are not folded through {least} yet.");
        var found = await users.FindAsync(typed, pass, most, http.RequestAborted);
        return Results.Json(found with { ThroughSequence = Math.Max(found.ThroughSequence, least) }, PeopleJson.Default.UserSearch);
    }
}
