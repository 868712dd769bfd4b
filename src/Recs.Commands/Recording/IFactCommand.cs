using Recs.EventStore;
using Recs.EventStore.Evolving;

namespace Recs.Commands.Recording;

/// <summary>A command that states one fact about a user and a movie; it is stored in the user's stream.</summary>
internal interface IFactCommand
{
    /// <summary>Whose fact.</summary>
    string? UserId { get; }

    /// <summary>Which movie.</summary>
    string? MovieId { get; }

    /// <summary>When it happened; now if left out.</summary>
    DateTimeOffset? At { get; }

    /// <summary>Version that the user's stream must be at; any if left out.</summary>
    long? ExpectedVersion { get; }

    /// <summary>The slate that led to it, if it names one.</summary>
    Guid? Slate => null;

    /// <summary>What is wrong with it by itself.</summary>
    FieldErrors Validate(DateTimeOffset now);

    /// <summary>The event that a valid command becomes.</summary>
    NewEvent ToEvent(EventTypes types, Guid id, DateTimeOffset now, string causationId);
}

/// <summary>A command that becomes a <typeparamref name="TFact"/>.</summary>
internal interface IFactCommand<out TFact> : IFactCommand where TFact : notnull
{
    /// <summary>The fact that a valid command states.</summary>
    TFact Decide(DateTimeOffset now);

    NewEvent IFactCommand.ToEvent(EventTypes types, Guid id, DateTimeOffset now, string causationId)
        => types.Encode(id, Decide(now), correlationId: (Slate ?? id).ToString("N"), causationId);
}
