using System.Text;
using Recs.Contracts.Movies;
using Recs.Contracts.Users;
using Recs.EventStore;

namespace Recs.Commands.Rejecting;

/// <summary>A rejected line that is tried again.</summary>
/// <param name="Id">Short id of the reject.</param>
/// <param name="Key">Input that it came with.</param>
/// <param name="File">File name; of a message its topic and partition.</param>
/// <param name="Line">Line number, or offset.</param>
/// <param name="Source">What its events name as their source.</param>
/// <param name="Format">Format that it is read as.</param>
/// <param name="UserPrefix">Put before each user id.</param>
/// <param name="Header">Header line of its file, or null.</param>
/// <param name="Text">The line, corrected or as it came.</param>
/// <param name="Reason">Why it is rejected so far.</param>
/// <param name="IsCorrected">Whether the text was corrected just now.</param>
/// <param name="Bytes">The line as it came, where the text does not give its bytes back.</param>
internal sealed record RejectedLine(
    long Id, string Key, string File, long Line, string Source, string Format, string UserPrefix, string? Header, string Text, string Reason, bool IsCorrected, byte[]? Bytes = null)
{
    /// <summary>The bytes to read.</summary>
    /// <param name="encoding">Encoding of its format.</param>
    public byte[] BytesIn(Encoding encoding) => Bytes ?? encoding.GetBytes(Text);

    /// <summary>What the events of its source say of where they come from.</summary>
    public string CorrelationId => Format == MessageLines.Format ? $"kafka:{Topic}" : $"import:{Source}:{Key[..8]}";

    /// <summary>Topic of a message.</summary>
    public string Topic => File.LastIndexOf('[') is > 0 and var end ? File[..end] : File;

    /// <summary>What caused its event.</summary>
    public string CausationId => $"retry:{Id}";
}

/// <summary>What a line says, now that it can be read.</summary>
internal abstract record LineFact
{
    /// <summary>A movie is this.</summary>
    public sealed record OfMovie(MovieAdded Movie) : LineFact;

    /// <summary>A person is this.</summary>
    public sealed record OfUser(UserRegistered User) : LineFact;

    /// <summary>Something happened.</summary>
    /// <param name="StreamId">Stream of the event.</param>
    /// <param name="Event">Event.</param>
    /// <param name="At">When it happened.</param>
    /// <param name="MovieIds">Movies that it names; those that nobody has added are made from their ids.</param>
    public sealed record OfEvent(string StreamId, NewEvent Event, DateTimeOffset At, IReadOnlyList<string> MovieIds) : LineFact;
}

/// <summary>What came of reading a line again: a fact, or a reason.</summary>
/// <param name="Line">The line.</param>
/// <param name="Fact">What it says; null if it is still rejected.</param>
/// <param name="Reason">Why it is still rejected; null if it is not.</param>
/// <param name="Detail">What was found and what was expected.</param>
internal sealed record ReadAgain(RejectedLine Line, LineFact? Fact, string? Reason = null, string? Detail = null);

/// <summary>Reads rejected lines of some formats again.</summary>
internal interface IRejectedLineReader
{
    /// <summary>Whether it knows the format.</summary>
    bool Reads(string format);

    /// <summary>Reads lines of one input. A line that says what another of them says may be left out: it is read with the next.</summary>
    /// <param name="lines">Lines of one key, in their order.</param>
    /// <param name="isKnownMovie">Whether the catalogue has a movie.</param>
    IEnumerable<ReadAgain> Read(IReadOnlyList<RejectedLine> lines, Func<string, bool> isKnownMovie);
}
