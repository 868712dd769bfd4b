using Recs.Training.Artifacts;
using Recs.Training.Evaluating.Costs;
using Recs.Training.Fitting;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Blend;

/// <summary>
/// Several models together. They are fitted without each person's last movie, and their weights are those that put this movie ahead of the others that they would list
/// (stacking: Wolpert, "Stacked Generalization", 1992; with weights that are nowhere negative: Breiman, "Stacked Regressions", 1996). Then the members that are quickly fitted are
/// fitted once more, on everything.
/// </summary>
/// <param name="kinds">What a member may be. One that is added appears as an option by itself.</param>
public sealed class BlendRecommender(IReadOnlyList<IRecommender> kinds) : IRecommender
{
    private const string Refit = "refit";
    private const string Candidates = "candidates";

    /// <summary>Fits of each kind, where nobody says otherwise.</summary>
    private static readonly Dictionary<string, int> DefaultMembers = new() { ["linear-autoregression"] = 1, ["sasrec"] = 1 };

    /// <inheritdoc />
    public string Name => "blend";
    /// <inheritdoc />
    public string Summary => "Several models together, weighted by how well each puts a movie that was held out ahead of the others.";
    /// <inheritdoc />
    public IReadOnlyList<string> Limits =>
    [
        "Its fit takes as long as those of all its members, of the quick ones twice; its answer takes as long as theirs together.",
        "Members have the built-in options of their kinds; to blend others, change those.",
        "The weights are the same for everybody: weights of their own for short and long histories gained nothing on MovieLens 1M.",
    ];
    /// <inheritdoc />
    public int FormatVersion => 1;
    /// <inheritdoc />
    public IReadOnlyList<OptionDescription> Options { get; } =
    [
        .. kinds.Select(kind => new OptionDescription(
            kind.Name, $"members that are {kind.Name}, each with a seed of its own", 0, BlendMember.MostOfAKind, DefaultMembers.GetValueOrDefault(kind.Name), OptionDescription.BestOfGrid, Whole: true)
        {
            IsTuned = false,
        }),
        new(Candidates, "best movies of each member among which the weights have to find the held-out one", 1, 1_000, 20, OptionDescription.BestOfGrid, Whole: true) { IsTuned = false },
        new(Refit, "members that are fitted again with the held-out movies once the weights are known: 0 none, 1 the quick ones, 2 all", 0, 2, 1, "time", Whole: true) { IsTuned = false },
    ];

    /// <inheritdoc />
    public double RelativeCost => 2 * kinds.Sum(kind => DefaultMembers.GetValueOrDefault(kind.Name) * kind.RelativeCost);

    /// <summary>What all members need together: the model of each is in memory until the blend is stored.</summary>
    /// <inheritdoc />
    public long MemoryBeyondOptions(InteractionSet data, OptionValues options)
        => BlendMember.Of(kinds, options, 0).Select(m => FitMemory.Estimate(m.Kind, m.Options, data)).DefaultIfEmpty().Sum();

    /// <inheritdoc />
    /// <exception cref="InvalidDataException">No member is asked for, or more than <see cref="BlendMember.Most"/>.</exception>
    public Artifact Fit(InteractionSet data, OptionValues options, ulong seed, FitRun run)
    {
        if (data.Count == 0)
            throw new InvalidDataException("The snapshot is empty: there is no history to learn from.");
        var members = BlendMember.Of(kinds, options, seed);
        if (members.Count is 0 or > BlendMember.Most)
            throw new InvalidDataException($"A blend has 1 to {BlendMember.Most} members, but {members.Count} are asked for: set {string.Join(", ", kinds.Select(k => k.Name))} to how many of each there shall be.");
        run.Report("histories", 0);
        var held = HeldOutLast.Of(data);
        var again = held.People.Length == 0 ? [] : members.Where(m => IsRefitted(m, (int)options[Refit])).ToList();
        using var fits = new MemberFits(run, members.Concat(again));
        var models = members.ConvertAll(m => fits.Fit(m, held.Train, held.People.Length == 0 ? "whole" : "held-out"));
        var weights = Weigh(members, models, held, (int)options[Candidates], fits.Weights());
        for (var m = 0; m < members.Count; m++)
            if (again.Contains(members[m]) && !weights.Of[m].IsZero)
                models[m] = fits.Fit(members[m], data, "whole");
        var artifact = new Artifact(Name, FormatVersion).Add("movies", data.Movies.Ids).AddColdStart(data, Histories.Of(data));
        BlendSections.AddMembers(artifact, [.. Enumerable.Range(0, members.Count).Where(m => !weights.Of[m].IsZero)
            .Select(m => new BlendedModel(members[m], again.Contains(members[m]), weights.Of[m], fits.Take(models[m])))]);
        weights.Tell(artifact, members, again);
        run.Report("done", 1);
        return artifact;
    }

    /// <inheritdoc />
    public IScorer Open(ArtifactFiles files) => new BlendScorer(files, kinds);

    private static bool IsRefitted(BlendMember member, int refit) => refit == 2 || (refit == 1 && member.Kind.RelativeCost <= BlendMember.Quick);

    private static BlendWeights Weigh(List<BlendMember> members, List<ArtifactFiles> models, HeldOutLast held, int candidates, FitRun run)
    {
        var scorers = new List<IScorer>();
        try
        {
            for (var m = 0; m < members.Count; m++)
                scorers.Add(members[m].Kind.Open(models[m].Shared()));
            return BlendWeights.Fit(ListedMovies.Of(scorers, held, candidates, run), members.Count, held.People.Length, run);
        }
        finally
        {
            scorers.ForEach(s => s.Dispose());
        }
    }
}
