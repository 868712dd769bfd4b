using System.Buffers;
using System.Text.Json;

namespace Recs.Queries.Catalogue;

/// <summary>A movie as the query side shows it.</summary>
public sealed class Movie
{
    private readonly int _nameLength;

    /// <summary>Makes it and encodes what every answer repeats.</summary>
    public Movie(string id, string title, int? year, IReadOnlyList<string> genres, bool adult)
    {
        (Id, Title, Year, Genres, Adult) = (id, title, year, genres, adult);
        (JsonFields, _nameLength) = Encode();
    }

    /// <summary>Text id.</summary>
    public string Id { get; }
    /// <summary>Title without the year.</summary>
    public string Title { get; }
    /// <summary>Year of release.</summary>
    public int? Year { get; }
    /// <summary>Genre names.</summary>
    public IReadOnlyList<string> Genres { get; }
    /// <summary>For adults only.</summary>
    public bool Adult { get; }

    /// <summary><c>"movieId":...,"title":...,"year":...,"genres":[...]</c> without braces, encoded once because slates repeat it.</summary>
    public ReadOnlyMemory<byte> JsonFields { get; }

    /// <summary>The first two of <see cref="JsonFields"/>: <c>"movieId":...,"title":...</c>.</summary>
    public ReadOnlyMemory<byte> JsonName => JsonFields[.._nameLength];

    /// <summary>What is shown for an id that the catalogue does not hold (an interaction named it before anybody added it).</summary>
    public static Movie Unknown(string id) => new(id, id, null, [], false);

    private (ReadOnlyMemory<byte> Fields, int NameLength) Encode()
    {
        var buffer = new ArrayBufferWriter<byte>();
        var name = 0;
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("movieId", Id);
            json.WriteString("title", Title);
            json.Flush();
            name = buffer.WrittenCount - 1;
            if (Year is { } year)
                json.WriteNumber("year", year);
            else
                json.WriteNull("year");
            json.WriteStartArray("genres");
            foreach (var genre in Genres)
                json.WriteStringValue(genre);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return (buffer.WrittenMemory[1..^1], name);
    }
}
