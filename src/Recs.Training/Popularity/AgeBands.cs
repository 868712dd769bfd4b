namespace Recs.Training.Popularity;

/// <summary>The age bands of MovieLens 1M, which gives the lower bound of a band as the age: a person of 27 and one whose source says 25 are of one group.</summary>
internal static class AgeBands
{
    private static readonly int[] From = [0, 18, 25, 35, 45, 50, 56];

    /// <summary>Number of bands.</summary>
    public static int Count => From.Length;

    /// <summary>The band of an age; -1 if the age is not known or below 0.</summary>
    public static int Of(int? age)
    {
        var band = From.Length - 1;
        while (band >= 0 && !(age >= From[band]))
            band--;
        return band;
    }
}
