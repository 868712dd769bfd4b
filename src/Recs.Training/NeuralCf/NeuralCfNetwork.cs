using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.People;

namespace Recs.Training.NeuralCf;

/// <summary>Sizes of the network, as an artifact keeps them.</summary>
/// <param name="Movies">Movies.</param>
/// <param name="Groups">Rows of the people's groups.</param>
/// <param name="Means">Means of a history.</param>
/// <param name="Width">Numbers per movie of a history, and factors of the generalised factorisation; a multiple of 16.</param>
/// <param name="Hidden">Numbers of the person's hidden layer, a multiple of 16.</param>
/// <param name="Pair">Units of the perceptron over person and movie, a multiple of 16.</param>
internal readonly record struct NeuralCfSizes(int Movies, int Groups, int Means, int Width, int Hidden, int Pair);

/// <summary>
/// A person's numbers meet a movie's twice: number by number, each product with a weight of its own (which the movie's numbers have taken in), and in a layer of units that see both; the
/// sum of both is the movie's score.
/// </summary>
internal sealed class NeuralCfNetwork
{
    private const float Spread = 0.05f;

    private readonly PersonTower _person;
    private readonly ParameterSlot _seen;
    private readonly ParameterSlot _factors;
    private readonly ParameterSlot _factorsBias;
    private readonly ParameterSlot _units;
    private readonly ParameterSlot _unitsBias;

    /// <summary>Lays the parameters out.</summary>
    public NeuralCfNetwork(NeuralCfSizes sizes)
    {
        var padded = Matrix.StrideFor(sizes.Movies);
        _seen = Layout.Add(sizes.Movies, sizes.Width, 0, Spread);
        _person = PersonTower.Add(Layout, sizes.Means, sizes.Width, sizes.Groups, sizes.Hidden);
        (_factors, _factorsBias) = (Layout.AddMap(sizes.Hidden, sizes.Width), Layout.Add(1, sizes.Width));
        (_units, _unitsBias) = (Layout.AddMap(sizes.Hidden, sizes.Pair), Layout.Add(1, sizes.Pair));
        Offered = new(Layout.Add(sizes.Movies, sizes.Width, 0, Spread), Layout.Add(sizes.Pair, padded, 0, Spread), Layout.Add(1, sizes.Pair, 0, Spread), Layout.Add(1, padded));
    }

    /// <summary>All parameters.</summary>
    public ParameterLayout Layout { get; } = new();

    /// <summary>The movies' side.</summary>
    public PairParameters Offered { get; }

    /// <summary>The people's side.</summary>
    /// <param name="tape">Tape.</param>
    /// <param name="people">People.</param>
    /// <param name="dropout">What is dropped of the hidden layer.</param>
    /// <param name="firstBlock">Number of the drop-out's first block.</param>
    public PairPeople Of(Tape tape, PersonBatch people, DropoutRule dropout = default, ulong firstBlock = 0)
    {
        var hidden = _person.Apply(tape, tape[_seen], people, dropout, firstBlock);
        return new(Dense.Apply(tape, hidden, tape[_factors], tape[_factorsBias]), Dense.Apply(tape, hidden, tape[_units], tape[_unitsBias]));
    }
}

/// <summary>The movies' side of the pairs.</summary>
/// <param name="Factors">A row per movie, for the products.</param>
/// <param name="Units">A row per unit, in it a number per movie: what the unit sees of it.</param>
/// <param name="Weights">Weight of each unit in the score.</param>
/// <param name="Bias">A number per movie.</param>
internal sealed record PairParameters(ParameterSlot Factors, ParameterSlot Units, ParameterSlot Weights, ParameterSlot Bias)
{
    /// <summary>The matrices on a tape.</summary>
    public PairMovies On(Tape tape) => new(tape[Factors], tape[Units], tape[Weights], tape[Bias]);
}

/// <summary>The matrices of <see cref="PairParameters"/> on a tape.</summary>
internal readonly record struct PairMovies(Node Factors, Node Units, Node Weights, Node Bias);

/// <summary>The people's side of the pairs.</summary>
/// <param name="Factors">A row per person, for the products.</param>
/// <param name="Units">A row per person: what each unit sees of them.</param>
internal readonly record struct PairPeople(Node Factors, Node Units);

/// <summary>The network as it learns.</summary>
/// <param name="network">Network.</param>
/// <param name="parts">Per part of a step the cuts.</param>
/// <param name="hiddenDropped">What is dropped of the person's hidden layer.</param>
internal sealed class NeuralCfLearner(NeuralCfNetwork network, CutPart[] parts, DropoutRule hiddenDropped) : INextMovie
{
    /// <inheritdoc />
    public CutPart Part(int part) => parts[part];

    /// <inheritdoc />
    public double Loss(Tape tape, int part, ulong firstBlock)
    {
        var people = network.Of(tape, parts[part].People, hiddenDropped, firstBlock);
        return PairLoss.Apply(tape, people, network.Offered.On(tape), parts[part].Next);
    }
}
