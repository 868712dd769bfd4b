using System.Text;
using Recs.EventStore.Appending;

namespace Recs.EventStore.Tests;

/// <summary>Events to append.</summary>
internal static class Given
{
    public static NewEvent Event(string type = "thing_happened", string data = """{"N":1}""", Guid? id = null, string? correlationId = null, string? causationId = null) =>
        new(id ?? Guid.CreateVersion7(), type, Encoding.UTF8.GetBytes(data), correlationId, causationId);

    public static NewEvent[] Events(int count) => [.. Enumerable.Range(0, count).Select(n => Event(data: $$"""{"N":{{n}}}"""))];

    public static AppendRequest To(string stream, ExpectedVersion expected, int count = 1) => new([new StreamAppend(stream, expected, Events(count))]);

    public static AppendRequest To(string stream, int count = 1) => To(stream, ExpectedVersion.Any, count);

    public static string Text(this RecordedEvent e) => Encoding.UTF8.GetString(e.Data.Span);
}
