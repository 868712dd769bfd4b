namespace Recs.Training.Neural;

/// <summary>How the rate of a training changes from step to step.</summary>
internal static class RateSchedule
{
    /// <summary>Grows evenly to its greatest in the first steps and falls evenly to nothing at the end.</summary>
    /// <param name="steps">Steps in all.</param>
    /// <param name="warm">Share of them in which it grows.</param>
    /// <returns>Share of the greatest rate, by number of the step from 0.</returns>
    public static Func<long, double> Of(long steps, double warm)
    {
        var growing = Math.Max(1, warm * steps);
        return step => Math.Min((step + 1) / growing, (steps - step) / Math.Max(1, steps - growing));
    }
}
