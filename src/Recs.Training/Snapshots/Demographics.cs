namespace Recs.Training.Snapshots;

/// <summary>What is known about a person besides what they watched and rated, as the source gives it; null where it says nothing.</summary>
/// <param name="Gender">MovieLens: <c>F</c> or <c>M</c>.</param>
/// <param name="Age">Years; MovieLens 1M gives the lower bound of a band.</param>
/// <param name="Occupation">MovieLens 1M: a code 0 to 20.</param>
public readonly record struct Demographics(string? Gender, int? Age, string? Occupation)
{
    /// <summary>Whether nothing is known.</summary>
    public bool IsUnknown => Gender is null && Age is null && Occupation is null;
}
