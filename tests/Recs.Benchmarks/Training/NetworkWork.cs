using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Benchmarks.Training;

/// <summary>
/// Operations of the matrix products of a network's fit: each row that it learns from meets each weight of the layers, and of the table of movies, once on the way there and twice on the way
/// back, with a multiplication and an addition each time. The products of attention are left out: they are few beside these.
/// </summary>
internal static class NetworkWork
{
    /// <summary>Operations of a fit; null if the model is no network.</summary>
    public static double? Of(ShortFit fit, InteractionSet data)
    {
        var options = fit.Options;
        return fit.Model.Name switch
        {
            "sasrec" => 6 * options["epochs"] * data.Count * SasRec(options, data.Movies.Count),
            "vae" => 6 * options["epochs"] * data.Count / options["block"] * Vae(options, data.Movies.Count),
            "two-tower" => 6 * options["epochs"] * options["cuts"] * data.Users.Count * Person(options, options["factors"], data.Movies.Count),
            "neural-cf" => 6 * options["epochs"] * options["cuts"] * data.Users.Count * Person(options, options["factors"] + options["units"], data.Movies.Count),
            _ => null,
        };
    }

    /// <summary>Weights of each block's attention, and of its mixing there and back.</summary>
    private static double SasRec(OptionValues options, int movies)
    {
        var width = options["width"] * Lanes.Count;
        return (options["blocks"] * (4 + (2 * options["mixing"])) * width * width) + (movies * width);
    }

    /// <summary>Weights of the hidden layer, and of the mean and the variance of the code.</summary>
    private static double Vae(OptionValues options, int movies)
    {
        var (width, hidden) = (options["width"] * Lanes.Count, options["hidden"] * Lanes.Count);
        var bags = options["scales"] * width;
        return (bags * hidden) + ((hidden + bags + hidden) * width) + (movies * width);
    }

    /// <summary>Weights of a person's hidden layer, and of what it says of the person.</summary>
    private static double Person(OptionValues options, double said, int movies)
        => (options["means"] * options["factors"] * options["hidden"]) + (options["hidden"] * said) + (movies * options["factors"]);
}
