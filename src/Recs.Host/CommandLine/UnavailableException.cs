namespace Recs.Host.CommandLine;

/// <summary>Something that the verb stands on is not there or not as it must be; the message is the one line that says what to do.</summary>
internal sealed class UnavailableException(string message, Exception? inner = null) : Exception(message, inner);
