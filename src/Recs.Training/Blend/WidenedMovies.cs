using Recs.Training.Snapshots;

namespace Recs.Training.Blend;

/// <summary>How a member's movies stand among those of a blend over a larger catalogue than it was fitted with, when not every member knows every movie.</summary>
internal sealed class WidenedMovies
{
    private readonly int[] _ofBlend;

    /// <summary>Compares.</summary>
    /// <param name="blend">The blend's movies.</param>
    /// <param name="member">Those that the member scores.</param>
    /// <param name="fitted">Those that both were fitted with.</param>
    public WidenedMovies(IdMap blend, IdMap member, IdMap fitted)
    {
        _ofBlend = [.. blend.Ids.Select(member.Find)];
        InBlend = [.. member.Ids.Select(blend.Find)];
        Fitted = [.. fitted.Ids.Select(member.Find)];
        FittedOf = [.. member.Ids.Select(fitted.Find)];
    }

    /// <summary>The member's number of a movie of the blend; -1 if it does not know the movie.</summary>
    public int OfBlend(int movie) => _ofBlend[movie];

    /// <summary>The blend's number of each of the member's movies.</summary>
    public int[] InBlend { get; }

    /// <summary>The member's number of each movie that it was fitted with.</summary>
    public int[] Fitted { get; }

    /// <summary>Place in <see cref="Fitted"/> of each of the member's movies; -1 for a new one.</summary>
    public int[] FittedOf { get; }
}
