namespace Recs.Training.Fitting;

/// <summary>Every kind of model that there is.</summary>
public static class Recommenders
{
    /// <summary>All of them, simplest first.</summary>
    public static IReadOnlyList<IRecommender> All { get; } =
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
    ];

    /// <summary>The recommender of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the names.</exception>
    public static IRecommender Named(string name) => All.FirstOrDefault(r => string.Equals(r.Name, name, StringComparison.Ordinal))
        ?? throw new ArgumentException($"Unknown model '{name}'. Models: {string.Join(", ", All.Select(r => r.Name))}.");
}
