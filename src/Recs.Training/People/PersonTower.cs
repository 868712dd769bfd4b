using Recs.Training.Neural;

namespace Recs.Training.People;

/// <summary>
/// A person as numbers: the means of the history and the rows of the groups that are known, each through weights of its own into one hidden layer with GELU. There are no
/// numbers of anybody in it: who comes with a history is folded in by it.
/// </summary>
/// <param name="Means">Weights from each mean to the hidden layer.</param>
/// <param name="Groups">A row of the hidden layer per group.</param>
/// <param name="Bias">Bias of the hidden layer.</param>
internal sealed record PersonTower(ParameterSlot[] Means, ParameterSlot Groups, ParameterSlot Bias)
{
    private const float GroupSpread = 0.05f;

    /// <summary>Adds the parameters of a tower to a network.</summary>
    /// <param name="layout">The network.</param>
    /// <param name="means">Means of a history.</param>
    /// <param name="width">Numbers per movie.</param>
    /// <param name="groups">Rows of the table of groups.</param>
    /// <param name="hidden">Numbers of the hidden layer.</param>
    public static PersonTower Add(ParameterLayout layout, int means, int width, int groups, int hidden)
        => new([.. Enumerable.Range(0, means).Select(_ => layout.AddMap(width, hidden))], layout.Add(groups, hidden, 0, GroupSpread), layout.Add(1, hidden));

    /// <summary>Computes the hidden layer of some people.</summary>
    /// <param name="tape">Tape.</param>
    /// <param name="movies">Table that the histories' rows are of.</param>
    /// <param name="people">The people.</param>
    /// <param name="dropout">What is dropped of the hidden layer.</param>
    /// <param name="firstBlock">Number of the drop-out's first block.</param>
    public Node Apply(Tape tape, Node movies, PersonBatch people, DropoutRule dropout = default, ulong firstBlock = 0)
    {
        var hidden = Dense.Apply(tape, Neural.Bags.Apply(tape, movies, people.Bag(0)), tape[Means[0]], tape[Bias]);
        for (var bag = 1; bag < people.Bags; bag++)
            Map.Add(tape, Neural.Bags.Apply(tape, movies, people.Bag(bag)), tape[Means[bag]], hidden);
        Neural.Bags.Apply(tape, tape[Groups], people.Groups, onto: hidden);
        return Dropout.Apply(tape, Activation<Gelu>.Apply(tape, hidden), dropout, firstBlock);
    }
}
