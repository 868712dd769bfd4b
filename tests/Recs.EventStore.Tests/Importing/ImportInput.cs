using System.Text;
using Recs.EventStore.Appending;
using Recs.EventStore.Importing;

namespace Recs.EventStore.Tests.Importing;

/// <summary>Events in memory as the input of an import.</summary>
internal sealed class ImportInput(IReadOnlyList<ImportedEvent> events, string key = "input") : IImportSource
{
    public string Key => key;
    public long Count => events.Count;
    public IReadOnlyList<ImportedEvent> Events => events;

    /// <summary>Called before each read with its first position.</summary>
    public Action<long> Reading { get; init; } = _ => { };

    public Func<long, long, IReadOnlyList<SideRow>> Sides { get; init; } = (_, _) => [];

    public void Read(long from, Span<ImportedEvent> target)
    {
        Reading(from);
        for (var i = 0; i < target.Length; i++) target[i] = events[(int)from + i];
    }

    public IReadOnlyList<SideRow> SideRows(long from, long to) => Sides(from, to);

    /// <summary>Events over streams <c>s-0</c> and on, whose ids and bodies follow from their number.</summary>
    public static ImportInput Of(int count, int streams = 17, int firstNumber = 0, string key = "input") =>
        new([.. Enumerable.Range(firstNumber, count).Select(n => Event(n, $"s-{n * 7 % streams}"))], key);

    public static ImportedEvent Event(int number, string stream) => new(stream, new NewEvent(
        new Guid(number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10), "thing_happened", Encoding.UTF8.GetBytes($$"""{"N":{{number}},"Text":"Zoë"}"""),
        "import:test", number % 2 == 0 ? "run" : null, number % 3 == 0 ? """{"h":1}"""u8.ToArray() : default, number % 5 == 0 ? null : "Things.Happened, Things"));
}
