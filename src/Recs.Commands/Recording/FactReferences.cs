using Npgsql;
using Recs.Contracts;
using Recs.EventStore;

namespace Recs.Commands.Recording;

/// <summary>Checks that what facts refer to exists: the movie in the catalogue, the slate among those that the user was served.</summary>
internal sealed class FactReferences(KnownMovies movies, NpgsqlDataSource source, EventStoreOptions options)
{
    /// <summary>By place of a valid command what it refers to and does not exist; nothing for one whose references hold.</summary>
    public async Task<IReadOnlyDictionary<int, FieldErrors>> FindBrokenAsync(IReadOnlyList<IFactCommand> commands, CancellationToken cancel)
    {
        var unknown = await movies.UnknownAmongAsync(commands.Select(c => c.MovieId!), cancel);
        var unshown = await NotShownAsync(commands, cancel);
        var broken = new Dictionary<int, FieldErrors>();
        for (var i = 0; i < commands.Count; i++)
        {
            var errors = new FieldErrors();
            if (unknown.Contains(commands[i].MovieId!))
                errors.Add("movieId", $"No movie '{commands[i].MovieId}' is in the catalogue.");
            if (unshown.Contains(i))
                errors.Add("requestId", "No slate with this id showed this movie to this user. Leave requestId out if the click did not come from a slate.");
            if (!errors.None)
                broken.Add(i, errors);
        }
        return broken;
    }

    /// <summary>Places of the commands that name a slate which did not show their movie to their user.</summary>
    private async Task<HashSet<int>> NotShownAsync(IReadOnlyList<IFactCommand> commands, CancellationToken cancel)
    {
        int[] naming = [.. Enumerable.Range(0, commands.Count).Where(i => commands[i].Slate is not null)];
        var unshown = naming.ToHashSet();
        if (naming.Length == 0)
            return unshown;
        // A slate's request id is the id of its event.
        await using var command = source.CreateCommand($"""
            select r.place from unnest($1, $2, $3, $4) as r (place, slate, stream, movie)
            join {options.Schema}.mt_events e on e.id = r.slate and e.stream_id = r.stream and e.data->'Items' ? r.movie
            """);
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = naming });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. naming.Select(i => commands[i].Slate!.Value)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. naming.Select(i => StreamIds.Recommendations(commands[i].UserId!))] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. naming.Select(i => commands[i].MovieId!)] });
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            unshown.Remove(row.GetInt32(0));
        return unshown;
    }
}
