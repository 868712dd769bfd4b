using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Scoring;

namespace Recs.Training.Blend;

/// <summary>A member as it goes into the artifact.</summary>
/// <param name="Member">What it is.</param>
/// <param name="Whole">It was fitted on everything, the held-out movies included.</param>
/// <param name="Weight">Its weight, not zero.</param>
/// <param name="Model">What it learned.</param>
internal sealed record BlendedModel(BlendMember Member, bool Whole, MemberWeight Weight, ArtifactFiles Model);

/// <summary>A member as it comes out of the artifact.</summary>
/// <param name="Scorer">The member.</param>
/// <param name="Weight">Its weight.</param>
/// <param name="Widened">How its movies stand among those of the blend; null where they are the same.</param>
internal sealed record OpenedMember(IScorer Scorer, MemberWeight Weight, WidenedMovies? Widened = null);

/// <summary>
/// The members in an artifact: <c>members</c>, a line of kind, seed, <c>whole</c> or <c>held-out</c>, and options for each; <c>weights</c>, two float64 for each; and
/// <c>member-0</c>, <c>member-1</c>, ..., the very bytes of each member's own model file.
/// </summary>
internal static class BlendSections
{
    private const string Members = "members";
    private const string Weights = "weights";

    /// <summary>Writes.</summary>
    public static void AddMembers(Artifact artifact, IReadOnlyList<BlendedModel> members)
    {
        artifact.Add(Members, members.Select(m => string.Join('\t', m.Member.Kind.Name, m.Member.Seed, m.Whole ? "whole" : "held-out", string.Join(' ', m.Member.Options.ToText().Select(o => $"{o.Key}={o.Value}")))));
        artifact.Add(Weights, (ReadOnlySpan<double>)[.. members.SelectMany(m => new[] { m.Weight.Even, m.Weight.Top })]);
        for (var m = 0; m < members.Count; m++)
            artifact.Add(Section(m), members[m].Model);
    }

    /// <summary>Opens every member for scoring.</summary>
    /// <param name="files">The blend's.</param>
    /// <param name="kinds">What a member may be.</param>
    /// <param name="movies">Ids that every member must know, in their order.</param>
    /// <exception cref="DamagedArtifactException">The sections do not fit together, or a member cannot be opened.</exception>
    public static OpenedMember[] Open(ArtifactFiles files, IReadOnlyList<IRecommender> kinds, IReadOnlyList<string> movies)
    {
        var lines = files.Ids(Members);
        var weights = files.Section<double>(Weights);
        if (lines.Length == 0 || weights.Length != 2 * lines.Length)
            throw new DamagedArtifactException(files.Path, $"{weights.Length} weights for {lines.Length} members");
        var opened = new OpenedMember[lines.Length];
        for (var m = 0; m < opened.Length; m++)
        {
            var name = lines[m].Split('\t')[0];
            var kind = kinds.FirstOrDefault(k => k.Name == name) ?? throw new DamagedArtifactException(files.Path, $"its member '{name}' is of no kind that this program knows");
            opened[m] = new(kind.Open(files.Nested(Section(m))), new(weights[2 * m], weights[(2 * m) + 1]));
            if (!opened[m].Scorer.Movies.Ids.SequenceEqual(movies))
                throw new DamagedArtifactException(files.Path, $"its member '{name}' scores other movies");
        }

        return opened;
    }

    private static string Section(int member) => $"member-{member}";
}
