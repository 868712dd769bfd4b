namespace Recs.EventStore.Checking;

/// <summary>What a check found.</summary>
/// <param name="Name">Stable name, such as <c>versions-contiguous</c>.</param>
/// <param name="Held">Whether it holds.</param>
/// <param name="Detail">What was looked at; if it does not hold, the first violation, and what to do.</param>
public sealed record Invariant(string Name, bool Held, string Detail);

/// <summary>Something that must always be true of the database. It reads only.</summary>
public interface IInvariant
{
    /// <summary>Stable name in lower-case words joined by hyphens.</summary>
    string Name { get; }
    /// <summary>Looks.</summary>
    Task<Invariant> CheckAsync(CancellationToken cancel = default);
}
