using Recs.Training.Popularity;
using Recs.Training.Snapshots;

namespace Recs.Training.Evaluating.Figures;

/// <summary>What the training data says about movies, for figures that do not ask whether a list was right.</summary>
internal sealed class TrainFacts
{
    public TrainFacts(InteractionSet train)
    {
        Train = train;
        var histories = Histories.Of(train);
        Popularity = PopularityCounts.Count(histories, train.Movies.Count);
        var people = Math.Max(1, Enumerable.Range(0, histories.Users).Count(user => !histories.Of(user).IsEmpty));
        Information = Array.ConvertAll(Popularity, n => Math.Log2((double)people / Math.Max(n, 1)));
        Masks = new(train.Genres);
        Classes = PopularityClasses.Of(Array.ConvertAll(Popularity, n => (float)n));
    }

    public InteractionSet Train { get; }
    /// <summary>People with each movie.</summary>
    public int[] Popularity { get; }
    /// <summary>Bits of surprise at each movie: -log2 of the share of people who have it; one that nobody has counts as if one person had it.</summary>
    public double[] Information { get; }
    public GenreMasks Masks { get; }
    public PopularityClass[] Classes { get; }
    /// <summary>Whether any movie has a genre.</summary>
    public bool HasGenres => Train.Genres.Names.Count > 0;
}
