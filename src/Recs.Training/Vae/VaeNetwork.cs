using Recs.Training.Neural;
using Recs.Training.Numerics;

namespace Recs.Training.Vae;

/// <summary>
/// Reads a person into the distribution of a code, and says by the products of the code with the movies what comes next (Liang, Krishnan, Hoffman and Jebara, "Variational
/// Autoencoders for Collaborative Filtering", 2018). What differs from the paper: a movie has one embedding for both sides; the encoder reads several bags of the history beside
/// shares of genres and groups of people; the mean of the code also takes the bags directly, past the hidden layer; the code is decoded by the embeddings alone.
/// </summary>
internal sealed class VaeNetwork
{
    private const float GroupSpread = 0.1f; // small beside what a history brings
    private const float FirstLogVariance = -4; // codes begin near their means, so that something is learned before the noise is

    private readonly ParameterSlot _genres;
    private readonly ParameterSlot _groups;
    private readonly ParameterSlot _wide;
    private readonly ParameterSlot _wideBias;
    private readonly ParameterSlot _mean;
    private readonly ParameterSlot _meanBias;
    private readonly ParameterSlot _variance;
    private readonly ParameterSlot _varianceBias;

    /// <summary>Lays the parameters out.</summary>
    public VaeNetwork(VaeShape shape)
    {
        Shape = shape;
        Embeddings = Layout.Add(shape.Movies, shape.Width, spread: (float)Math.Sqrt(3.0 / shape.Width) * 0.5f);
        Bias = Layout.Add(1, Matrix.StrideFor(shape.Movies));
        _genres = Layout.Add(shape.Genres, shape.Hidden, spread: GroupSpread);
        _groups = Layout.Add(shape.Groups, shape.Hidden, spread: GroupSpread);
        var bags = shape.Scales * shape.Width;
        (_wide, _wideBias) = (Layout.AddMap(bags, shape.Hidden), Layout.Add(1, shape.Hidden));
        (_mean, _meanBias) = (Layout.AddMap(shape.Hidden + bags, shape.Width), Layout.Add(1, shape.Width));
        (_variance, _varianceBias) = (Layout.AddMap(shape.Hidden, shape.Width), Layout.Add(1, shape.Width, mean: FirstLogVariance));
    }

    /// <summary>Sizes.</summary>
    public VaeShape Shape { get; }
    /// <summary>Where each matrix lies.</summary>
    public ParameterLayout Layout { get; } = new();
    /// <summary>What describes each movie, as a part of a history and as an answer.</summary>
    public ParameterSlot Embeddings { get; }
    /// <summary>What each movie is ahead of the others whatever the person.</summary>
    public ParameterSlot Bias { get; }

    /// <summary>Draws a code for each person of an input.</summary>
    /// <param name="tape">Tape over the parameters.</param>
    /// <param name="input">People.</param>
    /// <param name="noise">What is drawn and dropped on a tape that learns.</param>
    /// <param name="cost">What the distributions of the codes cost.</param>
    /// <returns>One row per person; its product with a movie's embedding, plus the movie's bias, is the movie's score. Without noise it is the mean of the distribution.</returns>
    public Node Codes(Tape tape, VaeInput input, VaeNoise noise, out double cost)
    {
        Span<Node> parts = stackalloc Node[Shape.Scales];
        for (var scale = 0; scale < parts.Length; scale++)
            parts[scale] = Bags.Apply(tape, tape[Embeddings], input.Movies(scale));
        var bags = Join.Apply(tape, parts);
        var hidden = Hidden(tape, input, bags, noise);
        var mean = Dense.Apply(tape, Join.Apply(tape, [hidden, bags]), tape[_mean], tape[_meanBias]);
        cost = 0;
        return tape.Learns && noise.Price > 0
            ? GaussianCode.Apply(tape, mean, Dense.Apply(tape, hidden, tape[_variance], tape[_varianceBias]), noise.Normal, noise.FirstDraw, noise.Price, out cost)
            : mean;
    }

    private Node Hidden(Tape tape, VaeInput input, Node bags, VaeNoise noise)
    {
        var x = Dense.Apply(tape, bags, tape[_wide], tape[_wideBias]);
        if (Shape.Genres > 0)
            x = Bags.Apply(tape, tape[_genres], input.Genres, onto: x);
        if (Shape.Groups > 0)
            x = Bags.Apply(tape, tape[_groups], input.Groups, onto: x);
        return Dropout.Apply(tape, Activation<Tanh>.Apply(tape, x), noise.Dropout, noise.FirstBlock);
    }
}

/// <summary>The noise of one pass.</summary>
/// <param name="Normal">Noise of the codes.</param>
/// <param name="FirstDraw">Number of its first draw, an even number.</param>
/// <param name="Price">What a unit of divergence costs; 0 for codes without noise.</param>
/// <param name="Dropout">What is dropped of the hidden layer.</param>
/// <param name="FirstBlock">Number of its first block.</param>
internal readonly record struct VaeNoise(NormalNoise Normal, ulong FirstDraw, float Price, DropoutRule Dropout, ulong FirstBlock);
