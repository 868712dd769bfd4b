using Recs.Training.Fitting;

namespace Recs.Training.RatingFactors;

/// <summary>How far gradient descent steps, walk by walk: less and less, by the same factor each time.</summary>
internal static class LearningRates
{
    /// <summary>The options that <see cref="Of"/> reads.</summary>
    public static OptionDescription[] Options(int iterations, double rate, double decay) =>
    [
        new("iterations", "walks over all ratings", 1, 1_000, iterations, RatingOptions.Source, Whole: true),
        new("rate", "learning rate of the first walk", 1e-5, 1, rate, RatingOptions.Source),
        new("rate-decay", "learning rate of a walk over that of the walk before", 0.1, 1, decay, RatingOptions.Source),
    ];

    /// <summary>One rate per walk, by multiplication alone: the platform's powers may differ between machines.</summary>
    public static float[] Of(OptionValues options)
    {
        var rates = new float[(int)options["iterations"]];
        var (rate, decay) = (options["rate"], options["rate-decay"]);
        for (var walk = 0; walk < rates.Length; walk++, rate *= decay)
            rates[walk] = (float)rate;
        return rates;
    }
}
