namespace Recs.EventStore.Reading;

/// <summary>A stream's row.</summary>
/// <param name="StreamId">Stream.</param>
/// <param name="Version">Version of its last event; 0 for a stream without events.</param>
/// <param name="Archived">Whether it is closed and left out of every read.</param>
/// <param name="Created">When its row was made.</param>
/// <param name="LastAppend">When it was appended to last.</param>
public sealed record StreamState(string StreamId, long Version, bool Archived, DateTimeOffset Created, DateTimeOffset LastAppend);
