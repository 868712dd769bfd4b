using Recs.Training.Features;
using Recs.Training.Neural;

namespace Recs.Training.TwoTower;

/// <summary>
/// A movie as numbers, twice: as a part of somebody's history it is the sum of its own row and those of its features; as a movie to recommend it is that sum and what a hidden layer
/// makes of it.
/// </summary>
/// <param name="Table">The sums.</param>
/// <param name="In">Weights into the hidden layer.</param>
/// <param name="InBias">Bias of the hidden layer.</param>
/// <param name="Out">Weights out of it.</param>
/// <param name="OutBias">Bias of the result.</param>
internal sealed record MovieTower(MovieTable Table, ParameterSlot In, ParameterSlot InBias, ParameterSlot Out, ParameterSlot OutBias)
{
    private const float Spread = 0.05f;

    /// <summary>Adds the parameters of a tower to a network.</summary>
    /// <param name="layout">The network.</param>
    /// <param name="movies">Movies that somebody has seen.</param>
    /// <param name="features">Rows of features.</param>
    /// <param name="width">Numbers per movie.</param>
    public static MovieTower Add(ParameterLayout layout, int movies, int features, int width)
        => new(MovieTable.Add(layout, movies, features, width, Spread, Spread), layout.AddMap(width, width), layout.Add(1, width),
            layout.AddMap(width, width), layout.Add(1, width));

    /// <summary>Movies as parts of a history.</summary>
    public Node Seen(Tape tape, MovieRows movies) => Table.Apply(tape, movies);

    /// <summary>Movies to recommend.</summary>
    /// <param name="tape">Tape.</param>
    /// <param name="seen">What <see cref="Seen"/> gave.</param>
    public Node Offered(Tape tape, Node seen)
        => Sum.Apply(tape, seen, Dense.Apply(tape, Activation<Gelu>.Apply(tape, Dense.Apply(tape, seen, tape[In], tape[InBias])), tape[Out], tape[OutBias]));
}
