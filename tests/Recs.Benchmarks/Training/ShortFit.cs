using Recs.Training.Fitting;
using Recs.Training.Snapshots;

namespace Recs.Benchmarks.Training;

/// <summary>What is fitted of a model to measure it: what it is by default, but of a network few epochs, each of which takes as long as every other, and of a blend members that are quickly fitted.</summary>
/// <param name="Model">The recommender.</param>
/// <param name="Name">Name of the rows: the model's, and what was changed.</param>
/// <param name="Settings">The options that are not those by default.</param>
internal sealed record ShortFit(IRecommender Model, string Name, IReadOnlyDictionary<string, string> Settings)
{
    private const int VaeEpochs = 3; // by default one of them learns from an eighth of the moments

    /// <summary>The fit of a recommender.</summary>
    public static ShortFit Of(IRecommender model) => model.Name switch
    {
        "sasrec" or "two-tower" or "neural-cf" => new(model, $"{model.Name}.1-epoch", new Dictionary<string, string> { ["epochs"] = "1" }),
        "vae" => new(model, $"vae.{VaeEpochs}-epochs", new Dictionary<string, string> { ["epochs"] = $"{VaeEpochs}" }),
        "blend" => new(model, "blend.linear-autoregression-and-ease", new Dictionary<string, string> { ["sasrec"] = "0", ["linear-autoregression"] = "1", ["ease"] = "1" }),
        _ => new(model, model.Name, new Dictionary<string, string>()),
    };

    /// <summary>The fits of some models, separated by commas; null for all.</summary>
    /// <exception cref="ArgumentException">There is no model of a name.</exception>
    public static IReadOnlyList<ShortFit> Of(string? models) => [.. (models is null ? Recommenders.All : models.Split(',').Select(Recommenders.Named)).Select(Of)];

    /// <summary>All options.</summary>
    public OptionValues Options => OptionValues.Parse(Model.Options, Settings);

    /// <summary>Fits it.</summary>
    /// <param name="data">Data set.</param>
    /// <param name="cancel">Stops it.</param>
    /// <param name="modelled">The option <c>movies</c>; null to leave it as it is.</param>
    public void Fit(InteractionSet data, CancellationToken cancel, int? modelled = null)
    {
        var options = modelled is { } movies ? OptionValues.Parse(Model.Options, new Dictionary<string, string>(Settings) { ["movies"] = $"{movies}" }) : Options;
        Model.Fit(data, options, 1, new FitRun(Cancel: cancel)).Dispose();
    }
}
