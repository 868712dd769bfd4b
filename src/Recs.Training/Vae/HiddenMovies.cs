using Recs.Training.Neural;
using Recs.Training.Numerics;

namespace Recs.Training.Vae;

/// <summary>Movies of a history that the network does not get to see: some drawn at random while it learns, or one that an explanation leaves out. By default none.</summary>
internal readonly struct HiddenMovies
{
    private readonly DropoutRule _rule;
    private readonly ulong _firstBlock;
    private readonly int _oneMore; // age of the movie that is left out, plus 1

    private HiddenMovies(DropoutRule rule, ulong firstBlock, int oneMore) => (_rule, _firstBlock, _oneMore) = (rule, firstBlock, oneMore);

    /// <summary>Hides at random.</summary>
    /// <param name="rule">How many.</param>
    /// <param name="firstBlock">Number of the first block of drawn bits.</param>
    public HiddenMovies(DropoutRule rule, ulong firstBlock) : this(rule, firstBlock, 0)
    {
    }

    /// <summary>Hides the movie of an age alone.</summary>
    public static HiddenMovies Only(int age) => new(default, 0, age + 1);

    /// <summary>What the weights of the movies that are seen are multiplied by, so that a bag keeps its size on average.</summary>
    public float Scale => _rule.Drops ? _rule.Scale : 1;

    /// <summary>Whether the movie of an age is hidden.</summary>
    public bool Hides(int age)
        => age == _oneMore - 1 || (_rule.Drops && (_rule.Bits(_firstBlock + (ulong)(age / Lanes.Count)) >> (age % Lanes.Count) & 1) == 0);
}
