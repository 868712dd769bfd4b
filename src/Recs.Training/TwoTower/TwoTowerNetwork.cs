using Recs.Training.Features;
using Recs.Training.Neural;
using Recs.Training.Numerics;
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
    private readonly ParameterSlot _out;
    private readonly ParameterSlot _outBias;

    /// <summary>Lays the parameters out.</summary>
    public TwoTowerNetwork(TwoTowerSizes sizes)
    {
        Movie = MovieTower.Add(Layout, sizes.Movies, sizes.Features, sizes.Width);
        Person = PersonTower.Add(Layout, sizes.Means, sizes.Width, sizes.Groups, sizes.Hidden);
        (_out, _outBias) = (Layout.AddMap(sizes.Hidden, sizes.Width), Layout.Add(1, sizes.Width));
    }

    /// <summary>All parameters.</summary>
    public ParameterLayout Layout { get; } = new();

    /// <summary>The tower of movies.</summary>
    public MovieTower Movie { get; }

    /// <summary>The tower of people, up to its hidden layer.</summary>
    public PersonTower Person { get; }

    /// <summary>The vectors of some people.</summary>
    /// <param name="tape">Tape.</param>
    /// <param name="seen">Movies as parts of a history.</param>
    /// <param name="people">People.</param>
    /// <param name="dropout">What is dropped of the hidden layer.</param>
    /// <param name="firstBlock">Number of the drop-out's first block.</param>
    public Node VectorsOf(Tape tape, Node seen, PersonBatch people, DropoutRule dropout = default, ulong firstBlock = 0)
        => Dense.Apply(tape, Person.Apply(tape, seen, people, dropout, firstBlock), tape[_out], tape[_outBias]);
}

/// <summary>The network as it learns: the next movie is to be told from all that somebody has seen.</summary>
/// <param name="network">Network.</param>
/// <param name="parts">Per part of a step the cuts and the movies, of which it leaves some own rows aside.</param>
/// <param name="ownDropped">Which movies have to do without their own row.</param>
/// <param name="hiddenDropped">What is dropped of the person's hidden layer.</param>
internal sealed unsafe class TwoTowerLearner(TwoTowerNetwork network, (CutPart Cuts, MovieRows Movies)[] parts, DropoutRule ownDropped, DropoutRule hiddenDropped) : INextMovie
{
    /// <inheritdoc />
    public CutPart Part(int part) => parts[part].Cuts;

    /// <inheritdoc />
    public double Loss(Tape tape, int part, ulong firstBlock)
    {
        var (cuts, movies) = parts[part];
        movies.DropOwn(ownDropped, firstBlock);
        var seen = network.Movie.Seen(tape, movies);
        var offered = network.Movie.Offered(tape, seen);
        var people = network.VectorsOf(tape, seen, cuts.People, hiddenDropped, firstBlock);
        var noBias = tape.Zeros(1, Matrix.StrideFor(movies.Count)); // what is popular is a direction of the vectors, so that features can tell it of a new movie
        return CatalogueLoss.Apply(tape, people, offered, noBias, movies.Count, cuts.Next);
    }
}
