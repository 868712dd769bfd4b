using Recs.Training.Neural;
using Recs.Training.People;

namespace Recs.Training.TwoTower;

/// <summary>Sizes of the network, as an artifact keeps them.</summary>
/// <param name="Movies">Movies that have a row of their own.</param>
/// <param name="Features">Rows of the movies' features.</param>
/// <param name="Groups">Rows of the people's groups.</param>
/// <param name="Means">Means of a history.</param>
/// <param name="Width">Numbers per movie, a multiple of 16.</param>
/// <param name="Hidden">Numbers of the person's hidden layer, a multiple of 16.</param>
internal readonly record struct TwoTowerSizes(int Movies, int Features, int Groups, int Means, int Width, int Hidden);

/// <summary>Both towers and where their parameters lie.</summary>
internal sealed class TwoTowerNetwork
{
    /// <summary>Lays the parameters out.</summary>
    public TwoTowerNetwork(TwoTowerSizes sizes)
    {
        Movie = MovieTower.Add(Layout, sizes.Movies, sizes.Features, sizes.Width);
        Person = PersonTower.Add(Layout, sizes.Means, sizes.Width, sizes.Groups, sizes.Hidden, sizes.Width);
    }

    /// <summary>All parameters.</summary>
    public ParameterLayout Layout { get; } = new();

    /// <summary>The tower of movies.</summary>
    public MovieTower Movie { get; }

    /// <summary>The tower of people.</summary>
    public PersonTower Person { get; }
}
