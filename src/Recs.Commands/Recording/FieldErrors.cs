using Recs.Contracts;

namespace Recs.Commands.Recording;

/// <summary>Collects what is wrong with a command, by field.</summary>
internal sealed class FieldErrors
{
    private readonly Dictionary<string, string[]> _errors = [];

    /// <summary>Nothing was found wrong.</summary>
    public bool None => _errors.Count == 0;

    /// <summary>Field to messages.</summary>
    public IDictionary<string, string[]> ByField => _errors;

    /// <summary>Notes <paramref name="message"/> against the field unless <paramref name="holds"/>.</summary>
    public FieldErrors Require(bool holds, string field, string message)
    {
        if (!holds)
            _errors.TryAdd(field, [message]);
        return this;
    }

    /// <summary>The id must be there and valid.</summary>
    public FieldErrors RequireId(string? id, string field)
        => Require(id is not null, field, "Required.").Require(id is null || EntityId.IsValid(id), field, $"An id is {EntityId.Rule}.");

    /// <summary>A moment, if given, lies between 1970 and a day after now.</summary>
    public FieldErrors RequireMoment(DateTimeOffset? at, DateTimeOffset now, string field)
        => Require(at is null || (at >= DateTimeOffset.UnixEpoch && at <= now.AddDays(1)), field, "A moment lies between 1970 and a day from now.");
}
