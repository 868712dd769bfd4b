namespace Recs.Host.Simulating;

/// <summary>Percentiles of what was measured, by nearest rank.</summary>
internal sealed class Percentiles
{
    private readonly double[] sorted;

    private Percentiles(double[] sorted) => this.sorted = sorted;

    /// <summary>Of these values.</summary>
    public static Percentiles Of(IEnumerable<double> values) => new([.. values.Order()]);

    /// <summary>The least value that a share of all do not exceed; null without any.</summary>
    /// <param name="share">Above 0, to 1.</param>
    public double? At(double share) => sorted.Length == 0 ? null : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
}
