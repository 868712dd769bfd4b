using System.Globalization;
using Recs.Contracts.Movies;

namespace Recs.Commands.Importing;

/// <summary>A movie made from its id alone, because an event names it and nobody has added it.</summary>
public static class InferredMovie
{
    /// <summary>Reads what an id tells: <c>the+matrix+1999</c> is "the matrix" of 1999; an id without words is its own title.</summary>
    public static MovieAdded FromId(string movieId)
    {
        var words = movieId.Replace('+', ' ').Trim();
        var year = words.Length > 5 && words[^5] == ' ' && int.TryParse(words.AsSpan(words.Length - 4), NumberStyles.None, null, out var found)
            && found is >= 1870 and < 2100 ? found : (int?)null;
        var title = year is null ? words : words[..^5].TrimEnd();
        return new(movieId, title.Length == 0 ? movieId : title, year, [], Inferred: true);
    }
}
