using Recs.Contracts;
using Recs.Contracts.Movies;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;

namespace Recs.Training.Snapshots;

/// <summary>
/// Reads what the catalogue said about movies at a position of the log. It asks for the movies' own streams, so the cost grows with the movies and
/// not with the log. A snapshot's filters do not apply: a movie's genre and title are facts about the movie, whoever rated it.
/// </summary>
internal sealed class CatalogueReader(EventReader reader, EventTypes types)
{
    /// <summary>Genres and titles as of a position; a movie that nobody has added has none.</summary>
    public async Task<(MovieGenres Genres, MovieTitle[] Titles)> ReadAsync(IdMap movies, long throughSequence, CancellationToken cancel)
    {
        var facts = new List<CatalogueMovie>();
        await foreach (var e in reader.ReadStreamsAsync([.. movies.Ids.Select(StreamIds.Movie)], cancel))
            if (e.Sequence <= throughSequence && types.Newest(e.Type) is EventAliases.MovieAdded or EventAliases.MovieChanged)
                facts.Add(Read(types.Decode(e), e.Sequence));
        return (MovieGenres.Of(movies, facts.Select(m => (m.MovieId, m.Genres))), MovieTitle.Of(movies, facts.Select(m => (m.MovieId, m.Title))));
    }

    private static CatalogueMovie Read(object body, long sequence) => body switch
    {
        MovieAdded { MovieId: not null } added => new(added.MovieId, new(added.Title, added.Year), added.Genres ?? []),
        MovieChanged { MovieId: not null } changed => new(changed.MovieId, new(changed.Title, changed.Year), changed.Genres ?? []),
        _ => throw new InvalidDataException($"Event {sequence} has no MovieId."),
    };
}
