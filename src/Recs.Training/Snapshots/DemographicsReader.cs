using Recs.Contracts;
using Recs.Contracts.Users;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;

namespace Recs.Training.Snapshots;

/// <summary>
/// Reads what was known about people at a position of the log, by the rule of a person's own fold: the last description counts, and who was erased has none, whatever
/// comes after. One pass over the log by type, since no index has the types of a person's facts: what is sent grows with the people, not with what they did. A
/// snapshot's filters do not apply: a person's age is a fact about the person, wherever the ratings come from.
/// </summary>
internal sealed class DemographicsReader(EventReader reader, EventTypes types)
{
    private static readonly string[] Aliases = [EventAliases.UserRegistered, EventAliases.UserChanged, EventAliases.UserErased];
    private static readonly string StreamPrefix = StreamIds.User("");

    /// <summary>The demographics as of a position, one per user.</summary>
    public async Task<IReadOnlyList<Demographics>> ReadAsync(IdMap users, long throughSequence, CancellationToken cancel)
    {
        var (known, erased) = (new Demographics[users.Count], new bool[users.Count]);
        await foreach (var e in reader.ReadLogAsync(0, throughSequence, Aliases, cancel))
        {
            if (!e.StreamId.StartsWith(StreamPrefix, StringComparison.Ordinal) || users.Find(e.StreamId[StreamPrefix.Length..]) is not (>= 0 and var user))
                continue;
            erased[user] |= e.Type == EventAliases.UserErased;
            known[user] = erased[user] ? default : Read(types.Decode(e)) ?? known[user];
        }

        return known;
    }

    /// <summary>What a description says; null if it was blanked.</summary>
    private static Demographics? Read(object body) => body switch
    {
        UserRegistered { UserId: not null } said => new(said.Gender, said.Age, said.Occupation),
        UserChanged { UserId: not null } said => new(said.Gender, said.Age, said.Occupation),
        _ => null,
    };
}
