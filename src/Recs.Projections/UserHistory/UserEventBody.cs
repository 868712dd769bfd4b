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

    private enum Property { Other, At, Age, Rating, Minute, Gender, MovieId, ZipCode, RequestId, Occupation }

    [Flags]
    private enum Fields { None = 0, MovieId = 1, Rating = 2, Minute = 4, At = 8 }

    /// <summary>Reads a body whose properties may come in any order; unknown ones are passed over.</summary>
    /// <exception cref="FormatException">The body is no object, a property that the fact needs is missing, or one has another type; it is named.</exception>
    /// <exception cref="JsonException">The body is not JSON.</exception>
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
        var property = PropertyOf(reader.ValueSpan);
        reader.Read();
        try
        {
            ReadValue(property, ref reader, ids);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            throw new FormatException($"The property '{property}' holds a value of type {reader.TokenType} that cannot be read: {e.Message}", e);
        }
    }

    private void ReadValue(Property property, ref Utf8JsonReader reader, IdPool ids)
    {
        switch (property)
        {
            case Property.MovieId: (MovieId, MovieHash) = Text(ref reader, ids); _found |= Fields.MovieId; break;
            case Property.At: At = reader.GetDateTimeOffset(); _found |= Fields.At; break;
            case Property.Rating: Rating = reader.GetDouble(); _found |= Fields.Rating; break;
            case Property.Minute: Minute = reader.GetInt32(); _found |= Fields.Minute; break;
            case Property.RequestId: RequestHash = reader.TokenType == JsonTokenType.Null ? 0 : Hash(ref reader); break;
            case Property.Gender: Person = Person with { Gender = reader.GetString() }; break;
            case Property.Age: Person = Person with { Age = reader.TokenType == JsonTokenType.Null ? null : reader.GetInt32() }; break;
            case Property.Occupation: Person = Person with { Occupation = reader.GetString() }; break;
            case Property.ZipCode: Person = Person with { ZipCode = reader.GetString() }; break;
            default: reader.Skip(); break;
        }
    }

    /// <summary>By length first: most names are told apart without a comparison. (The store's jsonb never escapes a name.)</summary>
    private static Property PropertyOf(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("At"u8) => Property.At,
        3 when name.SequenceEqual("Age"u8) => Property.Age,
        6 when name.SequenceEqual("Rating"u8) => Property.Rating,
        6 when name.SequenceEqual("Minute"u8) => Property.Minute,
        6 when name.SequenceEqual("Gender"u8) => Property.Gender,
        7 when name.SequenceEqual("MovieId"u8) => Property.MovieId,
        7 when name.SequenceEqual("ZipCode"u8) => Property.ZipCode,
        9 when name.SequenceEqual("RequestId"u8) => Property.RequestId,
        10 when name.SequenceEqual("Occupation"u8) => Property.Occupation,
        _ => Property.Other,
    };

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

    private static (string, ulong) Text(ref Utf8JsonReader reader, IdPool ids)
    {
        if (reader.TokenType != JsonTokenType.String) throw new FormatException("A text is expected.");
        if (!reader.ValueIsEscaped && !reader.HasValueSequence) return (ids[reader.ValueSpan], HistoryDigest.Hash(reader.ValueSpan));
        var utf8 = Encoding.UTF8.GetBytes(reader.GetString()!);
        return (ids[utf8], HistoryDigest.Hash(utf8));
    }

    private static ulong Hash(ref Utf8JsonReader reader) => HistoryDigest.Hash(Encoding.UTF8.GetBytes(reader.GetString()!));
}
