namespace Recs.Host.CommandLine;

/// <summary>The caller asked for something that cannot be done as asked; the message is the one line that says what to change.</summary>
internal sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
