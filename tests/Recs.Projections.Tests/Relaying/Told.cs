using System.Text.Json;
using Recs.Projections.Relaying;
using Recs.Testing;

namespace Recs.Projections.Tests.Relaying;

/// <summary>What must hold of the messages that a foreign client saw.</summary>
internal static class Told
{
    public static void EverythingOnce(IReadOnlyList<SeenMessage> seen, int count)
    {
        seen.Select(m => Field(m, "movie_id")).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, count).Select(i => $"m{i}").Order(StringComparer.Ordinal));
        InEachPersonsOrder(seen);
    }

    public static void InEachPersonsOrder(IEnumerable<SeenMessage> seen)
    {
        foreach (var person in seen.GroupBy(m => m.Key))
        {
            var sequences = person.Select(m => long.Parse(m.Headers[RelayHeaders.Sequence])).ToList();
            sequences.ShouldBeInOrder(SortDirection.Ascending, person.Key);
            person.Select(m => m.Partition).Distinct().ShouldHaveSingleItem();
        }
    }

    public static string Field(SeenMessage message, string name) => JsonDocument.Parse(message.Value).RootElement.GetProperty(name).ToString();
}
