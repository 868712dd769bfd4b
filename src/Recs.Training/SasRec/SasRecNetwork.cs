using Recs.Training.Features;
using Recs.Training.Neural;
using Recs.Training.Numerics;

namespace Recs.Training.SasRec;

/// <summary>
/// Reads histories movie by movie and tells after each what comes next: embeddings of movies, blocks of causal attention and mixing, each on normalised rows and added to
/// what it began with (Kang and McAuley, "Self-Attentive Sequential Recommendation", 2018; order of the steps as in Xiong et al., 2020). How far two movies lie apart is told by
/// biases of the attention, so there is no table of positions.
/// </summary>
internal sealed class SasRecNetwork
{
    private const float FeatureSpread = 0.02f;
    private readonly ParameterSlot _gain;
    private readonly ParameterSlot _shift;
    private readonly Block[] _blocks;

    /// <summary>Lays the parameters out.</summary>
    public SasRecNetwork(SasRecShape shape)
    {
        Shape = shape;
        Movies = MovieTable.Add(Layout, shape.Movies, shape.Features, shape.Width, (float)Math.Sqrt(3.0 / shape.Width) * 0.5f, FeatureSpread);
        _blocks = [.. Enumerable.Range(0, shape.Blocks).Select(_ => new Block(Layout, shape))];
        (_gain, _shift) = (Layout.Add(1, shape.Width, mean: 1), Layout.Add(1, shape.Width));
    }

    /// <summary>Sizes.</summary>
    public SasRecShape Shape { get; }
    /// <summary>Where each matrix lies.</summary>
    public ParameterLayout Layout { get; } = new();
    /// <summary>What describes each movie, as a step of a history and as an answer.</summary>
    public MovieTable Movies { get; }

    /// <summary>Describes the moment after each movie of some histories.</summary>
    /// <param name="tape">Tape over the parameters.</param>
    /// <param name="movies">What describes each movie (<see cref="MovieTable"/>).</param>
    /// <param name="input">Histories.</param>
    /// <param name="dropout">What is dropped on a tape that learns.</param>
    /// <returns>One row per movie of the histories; its product with a row of <paramref name="movies"/> is that movie's score.</returns>
    public Node Moments(Tape tape, Node movies, HistoryRows input, Droppings dropout)
    {
        var x = dropout.Apply(tape, Bags.Apply(tape, movies, input.Movies));
        foreach (var block in _blocks)
            x = block.Apply(tape, x, input.Sequences, dropout);
        return LayerNorm.Apply(tape, x, tape[_gain], tape[_shift]);
    }

    /// <summary>Describes the moment after the last movie of one history: what <see cref="Moments"/> gives in its last row.</summary>
    public Node LastMoment(Tape tape, Node movies, HistoryRows input)
    {
        var x = Bags.Apply(tape, movies, input.Movies);
        for (var block = 0; block < _blocks.Length - 1; block++)
            x = _blocks[block].Apply(tape, x, input.Sequences, Droppings.None);
        return LayerNorm.Apply(tape, _blocks[^1].ApplyToLast(tape, x, input.Sequences), tape[_gain], tape[_shift]);
    }

    /// <summary>Describes the moment of a person who has seen nothing.</summary>
    public Node NoMoment(Tape tape) => LayerNorm.Apply(tape, tape.Zeros(1, Shape.Width), tape[_gain], tape[_shift]);

    private sealed class Block
    {
        private readonly ParameterSlot _gain1, _shift1, _query, _queryBias, _distance, _out, _outBias, _gain2, _shift2, _wide, _wideBias, _narrow, _narrowBias;

        public Block(ParameterLayout layout, SasRecShape shape)
        {
            var width = shape.Width;
            (_gain1, _shift1) = (layout.Add(1, width, mean: 1), layout.Add(1, width));
            (_query, _queryBias) = (layout.AddMap(width, 3 * width), layout.Add(1, 3 * width));
            _distance = layout.Add(shape.Heads, shape.Distances);
            (_out, _outBias) = (layout.AddMap(width, width), layout.Add(1, width));
            (_gain2, _shift2) = (layout.Add(1, width, mean: 1), layout.Add(1, width));
            (_wide, _wideBias) = (layout.AddMap(width, shape.Mixing), layout.Add(1, shape.Mixing));
            (_narrow, _narrowBias) = (layout.AddMap(shape.Mixing, width), layout.Add(1, width));
        }

        public Node Apply(Tape tape, Node x, PackedSequences sequences, Droppings dropout)
            => Mix(tape, Sum.Apply(tape, x, dropout.Apply(tape, Out(tape, Attend(tape, x, sequences, dropout)))), dropout);

        public Node ApplyToLast(Tape tape, Node x, PackedSequences sequences)
        {
            var attended = Attend(tape, x, sequences, Droppings.None);
            return Mix(tape, Sum.Apply(tape, x.Part(x.Rows - 1, 1), Out(tape, attended.Part(x.Rows - 1, 1))), Droppings.None);
        }

        private Node Attend(Tape tape, Node x, PackedSequences sequences, Droppings dropout)
        {
            var qkv = Dense.Apply(tape, LayerNorm.Apply(tape, x, tape[_gain1], tape[_shift1]), tape[_query], tape[_queryBias]);
            return dropout.Attend(tape, qkv, tape[_distance], sequences);
        }

        private Node Out(Tape tape, Node attended) => Dense.Apply(tape, attended, tape[_out], tape[_outBias]);

        private Node Mix(Tape tape, Node x, Droppings dropout)
        {
            var wide = Dense.Apply(tape, LayerNorm.Apply(tape, x, tape[_gain2], tape[_shift2]), tape[_wide], tape[_wideBias]);
            var narrow = Dense.Apply(tape, Activation<Gelu>.Apply(tape, wide), tape[_narrow], tape[_narrowBias]);
            return Sum.Apply(tape, x, dropout.Apply(tape, narrow));
        }
    }
}

/// <summary>Histories as the network reads them, one movie per row.</summary>
/// <param name="Movies">The movie of each row.</param>
/// <param name="Sequences">Which rows are one history.</param>
internal readonly record struct HistoryRows(BagRows Movies, PackedSequences Sequences);

/// <summary>The drop-out of one pass: hands each step blocks that no other step of the training has. </summary>
internal sealed class Droppings(DropoutRule rule, ulong firstBlock)
{
    private ulong _next = firstBlock;

    /// <summary>Nothing is dropped.</summary>
    public static Droppings None { get; } = new(default, 0);

    /// <summary>Drops numbers of a matrix.</summary>
    public Node Apply(Tape tape, Node x) => Dropout.Apply(tape, x, rule, Take((ulong)(x.Count / Lanes.Count)));

    /// <summary>Attention with weights dropped.</summary>
    public Node Attend(Tape tape, Node qkv, Node distance, PackedSequences sequences)
        => CausalAttention.Apply(tape, qkv, distance, sequences, rule, Take(CausalAttention.Blocks(sequences, distance.Rows)));

    private ulong Take(ulong blocks)
    {
        if (!rule.Drops)
            return 0; // and nothing changes, so that None can be everybody's
        _next += blocks;
        return _next - blocks;
    }
}
