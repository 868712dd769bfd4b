namespace Recs.Projections.Relaying;

/// <summary>What an event says on one topic.</summary>
/// <param name="Topic">Where.</param>
/// <param name="Key">UTF-8 of the user, else of the model or experiment: one key's messages stay in one partition, in order.</param>
/// <param name="Value">As the encoder wrote it.</param>
/// <param name="Part">Place among the messages of this event on this topic, from 0; null if it can only be one.</param>
/// <param name="Channel">Channel of the slate that it tells of; null where it tells of none.</param>
internal readonly record struct OutgoingMessage(string Topic, byte[] Key, byte[] Value, int? Part = null, string? Channel = null);

/// <summary>Names of the headers that every message bears.</summary>
public static class RelayHeaders
{
    /// <summary>The log's event id. A message that comes twice (delivery is at least once) has the same one.</summary>
    public const string EventId = "event_id";
    /// <summary>Position in the log, in decimal digits. It rises within a key.</summary>
    public const string Sequence = "sequence";
    /// <summary>Numbers the messages that one event gives to one topic, from 0. Together with <see cref="EventId"/> it names a message; absent where an event gives one.</summary>
    public const string Part = "part";
    /// <summary>Channel of the slate (live, probe, tester, simulated), so that readers need not mix them.</summary>
    public const string Channel = "channel";
}
