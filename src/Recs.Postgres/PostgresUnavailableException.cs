namespace Recs.Postgres;

/// <summary>PostgreSQL could not be found, started or reached. The message says what was tried, what the server said, and what to do.</summary>
public sealed class PostgresUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
