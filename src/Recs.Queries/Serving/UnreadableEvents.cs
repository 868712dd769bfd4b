using System.Text.Json;
using Recs.EventStore.Evolving;

namespace Recs.Queries.Serving;

/// <summary>Events that nobody can read. What follows the log and what reads its past leave out the same ones, or they would tell different things.</summary>
internal static class UnreadableEvents
{
    /// <summary>Whether an event whose reading failed so is left out; anything else is a defect and goes up.</summary>
    public static bool AreLeftOutFor(Exception failure) => failure is UnreadableEventException or FormatException or JsonException;
}
