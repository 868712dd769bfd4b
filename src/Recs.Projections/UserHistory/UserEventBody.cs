using System.Text;
using System.Text.Json;

namespace Recs.Projections.UserHistory;

/// <summary>The fields of a user event, read without building the event: a rebuild reads hundreds of thousands a second.</summary>
internal ref struct UserEventBody
{
    public string? MovieId;
    public ulong MovieHash;
    public ulong RequestHash;
    public double Rating;
    public int Minute;
    public DateTimeOffset At;
    public Person Person;
    /// <summary>The body was an empty object: the person's data was blanked.</summary>
    public bool Blank;
    private Fields _found;

    [Flags]
    private enum Fields { None = 0, MovieId = 1, Rating = 2, Minute = 4, At = 8 }

    /// <summary>Reads a body whose properties may come in any order; unknown ones are passed over.</summary>
    /// <exception cref="FormatException">The body is no object, or a property that the fact needs is missing.</exception>
    /// <exception cref="JsonException">The body is not JSON, or a property has another type.</exception>
    public static UserEventBody Read(UserFact fact, ReadOnlySpan<byte> json, IdPool ids)
    {
        var body = new UserEventBody { Person = Person.Unknown, Blank = true };
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new FormatException($"The body of the fact '{fact}' is no JSON object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            body.Blank = false;
            body.ReadProperty(ref reader, ids);
        }
        if (!body.Blank) body.Require(fact);
        return body;
    }

    private void ReadProperty(ref Utf8JsonReader reader, IdPool ids)
    {
        if (reader.ValueTextEquals("MovieId"u8))
        {
            reader.Read();
            (MovieId, MovieHash) = Text(ref reader, ids);
            _found |= Fields.MovieId;
        }
        else if (reader.ValueTextEquals("At"u8))
        {
            reader.Read();
            At = reader.GetDateTimeOffset();
            _found |= Fields.At;
        }
        else if (reader.ValueTextEquals("Rating"u8))
        {
            reader.Read();
            Rating = reader.GetDouble();
            _found |= Fields.Rating;
        }
        else if (reader.ValueTextEquals("Minute"u8))
        {
            reader.Read();
            Minute = reader.GetInt32();
            _found |= Fields.Minute;
        }
        else if (reader.ValueTextEquals("RequestId"u8))
        {
            reader.Read();
            RequestHash = reader.TokenType == JsonTokenType.Null ? 0 : Hash(ref reader);
        }
        else if (reader.ValueTextEquals("Gender"u8)) Person = Person with { Gender = Next(ref reader) };
        else if (reader.ValueTextEquals("Occupation"u8)) Person = Person with { Occupation = Next(ref reader) };
        else if (reader.ValueTextEquals("ZipCode"u8)) Person = Person with { ZipCode = Next(ref reader) };
        else if (reader.ValueTextEquals("Age"u8))
        {
            reader.Read();
            Person = Person with { Age = reader.TokenType == JsonTokenType.Null ? null : reader.GetInt32() };
        }
        else reader.Skip();
    }

    private readonly void Require(UserFact fact)
    {
        var needed = fact switch
        {
            UserFact.Rated => Fields.MovieId | Fields.Rating | Fields.At,
            UserFact.Watched => Fields.MovieId | Fields.Minute | Fields.At,
            UserFact.Opened => Fields.MovieId | Fields.At,
            _ => Fields.None,
        };
        if ((needed & ~_found) is not Fields.None and var missing)
            throw new FormatException($"The body of the fact '{fact}' lacks {missing}.");
    }

    private static string? Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString();
    }

    private static (string, ulong) Text(ref Utf8JsonReader reader, IdPool ids)
    {
        if (!reader.ValueIsEscaped && !reader.HasValueSequence) return (ids[reader.ValueSpan], HistoryDigest.Hash(reader.ValueSpan));
        var utf8 = Encoding.UTF8.GetBytes(reader.GetString()!);
        return (ids[utf8], HistoryDigest.Hash(utf8));
    }

    private static ulong Hash(ref Utf8JsonReader reader) => HistoryDigest.Hash(Encoding.UTF8.GetBytes(reader.GetString()!));
}
