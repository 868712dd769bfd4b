namespace Recs.Training.Fitting;

/// <summary>Every kind of model that there is.</summary>
public static class Recommenders
{
    /// <summary>Those that stand alone, simplest first.</summary>
    private static readonly IRecommender[] Single =
    [
        new Popularity.PopularityRecommender(),
        new PopularityGenre.PopularityGenreRecommender(),
        new ItemKnn.ItemKnnRecommender(),
        new UserKnn.UserKnnRecommender(),
        new KnnBaseline.KnnBaselineRecommender(),
        new Svd.SvdRecommender(),
        new SvdPlusPlus.SvdPlusPlusRecommender(),
        new Nmf.NmfRecommender(),
        new Als.AlsRecommender(),
        new Bpr.BprRecommender(),
        new Ease.EaseRecommender(),
        new LinearAutoregression.LinearAutoregressionRecommender(),
        new NeuralCf.NeuralCfRecommender(),
        new TwoTower.TwoTowerRecommender(),
        new Vae.VaeRecommender(),
        new SasRec.SasRecRecommender(),
    ];

    /// <summary>All of them, simplest first; last the one that is made of the others.</summary>
    public static IReadOnlyList<IRecommender> All { get; } = [.. Single, new Blend.BlendRecommender(Single)];

    /// <summary>The recommender of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the names.</exception>
    public static IRecommender Named(string name) => All.FirstOrDefault(r => string.Equals(r.Name, name, StringComparison.Ordinal))
        ?? throw new ArgumentException($"Unknown model '{name}'. Models: {string.Join(", ", All.Select(r => r.Name))}.");
}
