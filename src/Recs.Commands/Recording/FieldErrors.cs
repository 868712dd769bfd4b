using Recs.Commands.Importing.Formats;
using Recs.Contracts;

namespace Recs.Commands.Recording;

/// <summary>Collects what is wrong with a command, by field.</summary>
internal sealed class FieldErrors
{
    private Dictionary<string, string[]>? _errors; // most commands are valid

    /// <summary>Nothing was found wrong.</summary>
    public bool None => _errors is null or { Count: 0 };

    /// <summary>Field to messages.</summary>
    public Dictionary<string, string[]> ByField => _errors ??= [];

    /// <summary>Notes the message against the field, unless it has one already.</summary>
    public FieldErrors Add(string field, string message)
    {
        ByField.TryAdd(field, [message]);
        return this;
    }

    /// <summary>Notes <paramref name="message"/> against the field unless <paramref name="holds"/>.</summary>
    public FieldErrors Require(bool holds, string field, string message) => holds ? this : Add(field, message);

    /// <summary>The id must be there and valid.</summary>
    public FieldErrors RequireId(string? id, string field)
        => Require(id is not null, field, "Required.").Require(id is null || EntityId.IsValid(id), field, $"An id is {EntityId.Rule}.");

    /// <summary>A text, if given, is neither blank nor too long nor has control characters.</summary>
    public FieldErrors RequireText(string? text, int most, string field)
        => Require(text is null || TextFields.IsClean(text, most), field, $"1 to {most} characters, not only spaces, none a control character.");

    /// <summary>A version, if expected, is 0 or more.</summary>
    public FieldErrors RequireVersion(long? expected) => Require(expected is null or >= 0, "expectedVersion", "A version is 0 or more.");

    /// <summary>What every fact about a user and a movie needs; a moment, if given, lies between 1970 and a day after now.</summary>
    public FieldErrors RequireFact(IFactCommand fact, DateTimeOffset now) => RequireId(fact.UserId, "userId")
        .RequireId(fact.MovieId, "movieId")
        .Require(fact.At is null || (fact.At >= DateTimeOffset.UnixEpoch && fact.At <= now.AddDays(1)), "at", "A moment lies between 1970 and a day from now.")
        .RequireVersion(fact.ExpectedVersion);

    /// <summary>Throws if anything was found wrong.</summary>
    /// <exception cref="CommandRefusedException">422.</exception>
    public void ThrowIfAny()
    {
        if (!None)
            throw new CommandRefusedException(this);
    }
}
