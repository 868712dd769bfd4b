namespace Recs.EventStore;

/// <summary>An event that is not in the log yet.</summary>
/// <param name="Id">Unique over the whole log. Time-ordered for what is born here, derived from the content for what is imported.</param>
/// <param name="Type">Alias, such as <c>movie_rated</c>.</param>
/// <param name="Data">UTF-8 JSON object.</param>
/// <param name="CorrelationId">The conversation that it belongs to, such as a slate's request id or an import's id.</param>
/// <param name="CausationId">The command that caused it.</param>
/// <param name="Headers">UTF-8 JSON object, or empty for none.</param>
/// <param name="DotNetType"><c>Full.Name, Assembly</c> of the contract, as Marten writes it, or null.</param>
public readonly record struct NewEvent(
    Guid Id, string Type, ReadOnlyMemory<byte> Data, string? CorrelationId = null, string? CausationId = null,
    ReadOnlyMemory<byte> Headers = default, string? DotNetType = null);
