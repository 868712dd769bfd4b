using System.Text;
using Recs.Contracts;

namespace Recs.Projections.OnlineMetrics;

/// <summary>Whose stream it is.</summary>
internal static class PeopleStreams
{
    private static readonly string FactsPrefix = StreamIds.User("");
    private static readonly string ServedPrefix = StreamIds.Recommendations("");
    private static readonly byte[] FactsBytes = Encoding.UTF8.GetBytes(FactsPrefix);
    private static readonly byte[] ServedBytes = Encoding.UTF8.GetBytes(ServedPrefix);

    /// <summary>The user of a stream of facts.</summary>
    public static ReadOnlySpan<byte> Facts(ReadOnlySpan<byte> stream) => Rest(stream, FactsBytes);

    /// <summary>The user of a stream of slates.</summary>
    public static ReadOnlySpan<byte> Served(ReadOnlySpan<byte> stream) => Rest(stream, ServedBytes);

    /// <summary>The user of either.</summary>
    /// <exception cref="FormatException">The stream is a person's by neither name.</exception>
    public static string User(string stream)
        => stream.StartsWith(FactsPrefix, StringComparison.Ordinal) ? stream[FactsPrefix.Length..]
            : stream.StartsWith(ServedPrefix, StringComparison.Ordinal) ? stream[ServedPrefix.Length..]
            : throw Misplaced(stream);

    private static ReadOnlySpan<byte> Rest(ReadOnlySpan<byte> stream, byte[] prefix)
        => stream.StartsWith(prefix) ? stream[prefix.Length..] : throw Misplaced(Encoding.UTF8.GetString(stream));

    private static FormatException Misplaced(string stream)
        => new($"A fact about a person stands in stream '{stream}', expected '{FactsPrefix}...' for what they did and '{ServedPrefix}...' for what they were served.");
}
