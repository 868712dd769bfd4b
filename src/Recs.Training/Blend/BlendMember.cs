using Recs.Training.Fitting;

namespace Recs.Training.Blend;

/// <summary>A member of a blend.</summary>
/// <param name="Kind">Kind of model.</param>
/// <param name="Copy">Which of its kind, from 1.</param>
/// <param name="Seed">Seed of its fit. The first of a kind has the blend's own, so that its bytes are those of the model when it stands alone.</param>
internal sealed record BlendMember(IRecommender Kind, int Copy, ulong Seed)
{
    /// <summary>Members of one kind at most.</summary>
    public const int MostOfAKind = 4;
    /// <summary>Members at most.</summary>
    public const int Most = 16;
    /// <summary>Greatest <see cref="IRecommender.RelativeCost"/> of a kind that is quickly fitted.</summary>
    public const double Quick = 10;

    /// <summary>Such as <c>als</c>, and <c>als-2</c> for the second.</summary>
    public string Name => Copy == 1 ? Kind.Name : $"{Kind.Name}-{Copy}";

    /// <summary>The built-in options of its kind.</summary>
    public OptionValues Options { get; } = OptionValues.Parse(Kind.Options);

    /// <summary>The members that the options of a blend ask for, in the order of the kinds.</summary>
    public static List<BlendMember> Of(IReadOnlyList<IRecommender> kinds, OptionValues options, ulong seed)
        => [.. kinds.SelectMany(kind => Enumerable.Range(0, (int)options[kind.Name]).Select(copy => new BlendMember(kind, copy + 1, unchecked(seed + (ulong)copy))))];
}
