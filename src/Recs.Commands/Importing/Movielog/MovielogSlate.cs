using System.Buffers;

namespace Recs.Commands.Importing.Movielog;

/// <summary>A recommendation request of the movielog: <c>host:8082, status 200, result: a+1999, b+2001, 351 ms</c>.</summary>
internal readonly ref struct MovielogSlate
{
    private const int MaxServerLength = 200;
    private static readonly SearchValues<byte> ServerBytes =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-_:[]/@%"u8);

    /// <summary>What such a line begins with, after the user id.</summary>
    public static ReadOnlySpan<byte> Start => "recommendation request "u8;

    public ReadOnlySpan<byte> Server { get; private init; }
    public int Status { get; private init; }
    public ReadOnlySpan<byte> Items { get; private init; }
    public int LatencyMs { get; private init; }

    /// <summary>Reads what follows <see cref="Start"/>.</summary>
    public static MovielogFault Read(ReadOnlySpan<byte> text, out MovielogSlate slate, scoped ref ReadOnlySpan<byte> found)
    {
        slate = default;
        var serverEnd = text.IndexOf((byte)',');
        found = serverEnd < 0 ? text : text[..serverEnd];
        if (serverEnd < 0 && found.IsEmpty) return MovielogFault.Truncated;
        if (found.Length is 0 or > MaxServerLength || found.ContainsAnyExcept(ServerBytes)) return MovielogFault.BadServer;
        var server = found;
        if (serverEnd < 0) return MovielogFault.Truncated;

        if (Expect(ref text, serverEnd, ", status "u8) is var noStatus and not MovielogFault.None) return After(text, noStatus, ref found);
        var statusEnd = MovielogFields.ReadNumber(text, out var status);
        found = text.IndexOf((byte)',') is >= 0 and var comma ? text[..comma] : text;
        if (statusEnd < found.Length || statusEnd > 3 || status > 599) return MovielogFault.BadStatus;
        if (statusEnd == text.Length) return MovielogFault.Truncated;
        if (statusEnd == 0) return MovielogFault.BadStatus;

        if (Expect(ref text, statusEnd, ", result: "u8) is var noResult and not MovielogFault.None) return After(text, noResult, ref found);
        return ReadResult(text, server, status, out slate, ref found);
    }

    private static MovielogFault ReadResult(
        ReadOnlySpan<byte> text, ReadOnlySpan<byte> server, int status, out MovielogSlate slate, scoped ref ReadOnlySpan<byte> found)
    {
        slate = default;
        if (!text.EndsWith(" ms"u8)) return WithoutEnd(text, ref found);
        var latencyStart = text.LastIndexOf(", "u8);
        var latency = latencyStart < 0 ? text : text[(latencyStart + 2)..];
        found = latency;
        var digits = MovielogFields.ReadNumber(latency, out var milliseconds);
        if (digits != latency.Length - 3 || digits is 0 or > 9) return MovielogFault.BadLatency;
        found = latencyStart < 0 ? [] : text[..latencyStart];
        if (!AreItems(found)) return status is < 200 or > 299 || found.IndexOf("xception"u8) >= 0 ? MovielogFault.FailedRequest : MovielogFault.BadItems;
        slate = new() { Server = server, Status = status, Items = found, LatencyMs = milliseconds };
        return MovielogFault.None;
    }

    /// <summary>A result without its milliseconds at the end was cut off, unless they stand further left and something follows them.</summary>
    private static MovielogFault WithoutEnd(ReadOnlySpan<byte> text, scoped ref ReadOnlySpan<byte> found)
    {
        found = text;
        for (int from = 0, at; (at = text[from..].IndexOf(" ms"u8)) >= 0; from += at + 3)
        {
            var before = text[..(from + at)];
            var digits = before.LastIndexOf((byte)' ') + 1;
            if (digits == before.Length || before[digits..].ContainsAnyExceptInRange((byte)'0', (byte)'9')) continue;
            found = text[(from + at + 3)..];
            return MovielogFault.TrailingFields;
        }
        return MovielogFault.Truncated;
    }

    private static bool AreItems(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text.EndsWith(", "u8)) return false;
        var count = 0;
        foreach (var item in new MovielogItems(text))
            if (++count > MovielogLine.MaxItems || !MovielogFields.IsMovieId(item)) return false;
        return true;
    }

    /// <summary>Goes past fixed words.</summary>
    private static MovielogFault Expect(ref ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> words)
    {
        text = text[at..];
        if (!text.StartsWith(words)) return words.StartsWith(text) ? MovielogFault.Truncated : MovielogFault.UnknownForm;
        text = text[words.Length..];
        return MovielogFault.None;
    }

    private static MovielogFault After(ReadOnlySpan<byte> text, MovielogFault fault, scoped ref ReadOnlySpan<byte> found)
    {
        found = text;
        return fault;
    }
}
