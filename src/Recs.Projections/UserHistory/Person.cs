using System.Text;

namespace Recs.Projections.UserHistory;

/// <summary>What is known about a person, as the source gives it; null where it says nothing.</summary>
/// <param name="Gender">MovieLens: <c>F</c> or <c>M</c>.</param>
/// <param name="Age">Years; MovieLens 1M gives the lower bound of a band.</param>
/// <param name="Occupation">MovieLens 1M: a code 0 to 20.</param>
/// <param name="ZipCode">Postal code.</param>
public sealed record Person(string? Gender, int? Age, string? Occupation, string? ZipCode)
{
    /// <summary>Nothing is known.</summary>
    public static readonly Person Unknown = new(null, null, null, null);

    /// <summary>Hash of the fields for the digest.</summary>
    internal ulong Hash()
    {
        var hash = HistoryDigest.Fold(Of(Gender), Age is { } age ? (ulong)age + 1 : 0);
        return HistoryDigest.Fold(HistoryDigest.Fold(hash, Of(Occupation)), Of(ZipCode));
    }

    private static ulong Of(string? text) => text is null ? 0 : HistoryDigest.Hash(Encoding.UTF8.GetBytes(text));
}
