using System.Text;
using System.Text.Json;
using Recs.Contracts;
using Recs.Contracts.Movies;

namespace Recs.Commands.Importing.Formats;

/// <summary>Rows of a catalogue: the first row of an id counts, the same again is a duplicate, other content is rejected.</summary>
internal sealed class MovieRows
{
    private readonly List<MovieAdded> movies = [];
    private readonly IdTable ids;

    public MovieRows(IdTable ids) => this.ids = ids;

    public IReadOnlyList<MovieAdded> Rows => movies;

    /// <param name="file">File.</param>
    /// <param name="line">Whole line, for a reject.</param>
    /// <param name="id">Movie id.</param>
    /// <param name="titleAndYear">Title, with its year in parentheses if it has one.</param>
    /// <param name="genres">Genres, or null if they cannot be read.</param>
    public void Add(ReadingFile file, ReadOnlySpan<byte> line, ReadOnlySpan<byte> id, string titleAndYear, IReadOnlyList<string>? genres)
    {
        if (!TextFields.IsClean(titleAndYear, TextFields.MaxTitle))
        {
            file.Reject(line, RejectReasons.BadTitle, $"The title must have 1 to {TextFields.MaxTitle} characters, none a control character.");
            return;
        }
        if (genres is null || genres.Any(g => !TextFields.IsClean(g, TextFields.MaxOther)))
        {
            file.Reject(line, RejectReasons.BadGenres, "The genres cannot be read.");
            return;
        }
        if (!ids.TryIntern(id, out var index))
        {
            file.Reject(line, RejectReasons.BadMovieId, $"Movie id {file.Quote(id)}: expected {EntityId.Rule}.");
            return;
        }
        var (title, year) = TextFields.SplitYear(titleAndYear);
        Add(file, line, index, new(ids.Ids[index], title, year, genres));
    }

    /// <param name="file">File.</param>
    /// <param name="line">Whole line, for a reject.</param>
    /// <param name="movie">The movie; of its fields only the id may be wrong.</param>
    public void Add(ReadingFile file, ReadOnlySpan<byte> line, MovieAdded movie)
    {
        if (ids.TryIntern(Encoding.UTF8.GetBytes(movie.MovieId), out var index)) Add(file, line, index, movie);
        else file.Reject(line, RejectReasons.BadMovieId, $"Movie id '{movie.MovieId}': expected {EntityId.Rule}.");
    }

    private void Add(ReadingFile file, ReadOnlySpan<byte> line, int index, MovieAdded movie)
    {
        if (index == movies.Count) movies.Add(movie);
        else if (Body(movies[index]).AsSpan().SequenceEqual(Body(movie))) file.Duplicate();
        else file.Reject(line, RejectReasons.RepeatedId, $"Movie '{movie.MovieId}' stands on an earlier line with other content.");
    }

    private static byte[] Body(MovieAdded movie) => JsonSerializer.SerializeToUtf8Bytes(movie, EventJson.Default.MovieAdded);
}
