using Recs.Training.Neural;

namespace Recs.Training.Features;

/// <summary>The numbers that describe movies: the row of a movie is the sum of its own and those of its features (<see cref="MovieRows"/>), so that one without a row of its own has numbers, too.</summary>
/// <param name="Own">A row per movie that somebody has seen.</param>
/// <param name="Features">A row per feature (<see cref="MovieFeatures"/>).</param>
internal sealed record MovieTable(ParameterSlot Own, ParameterSlot Features)
{
    /// <summary>Adds the parameters to a network.</summary>
    /// <param name="layout">The network.</param>
    /// <param name="movies">Movies that somebody has seen.</param>
    /// <param name="features">Rows of features.</param>
    /// <param name="width">Numbers per movie.</param>
    /// <param name="spread">Own rows begin evenly from minus to plus this.</param>
    /// <param name="featureSpread">And those of the features.</param>
    public static MovieTable Add(ParameterLayout layout, int movies, int features, int width, float spread, float featureSpread)
        => new(layout.Add(movies, width, 0, spread), layout.Add(Math.Max(1, features), width, 0, featureSpread));

    /// <summary>The rows of some movies.</summary>
    public Node Apply(Tape tape, MovieRows movies) => Bags.Apply(tape, tape[Features], movies.Features, onto: Bags.Apply(tape, tape[Own], movies.Own));
}
