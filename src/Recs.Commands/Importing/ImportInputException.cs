namespace Recs.Commands.Importing;

/// <summary>
/// The input as a whole cannot be read: a missing file, an unknown folder, a wrong encoding. One line for the person who called; nothing was stored.
/// </summary>
public sealed class ImportInputException(string message) : Exception(message);
