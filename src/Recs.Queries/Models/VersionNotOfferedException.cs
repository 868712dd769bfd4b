namespace Recs.Queries.Models;

/// <summary>Somebody without trust asked for a version that is not open, and that opening would take reading its files for.</summary>
/// <param name="version">The version.</param>
public sealed class VersionNotOfferedException(string version)
    : Exception($"'{version}' is neither open, nor the newest of its model, nor was it ever in production: asking for it takes the token of a service or an admin.");
