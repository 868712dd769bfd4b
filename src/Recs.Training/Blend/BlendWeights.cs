using System.Globalization;
using Recs.Training.Artifacts;
using Recs.Training.Fitting;

namespace Recs.Training.Blend;

/// <summary>The weights of a blend's members, and how they were found.</summary>
/// <param name="Of">One per member; not all zero.</param>
/// <param name="People">People whose held-out movie was to be found.</param>
/// <param name="Found">Those of them whose movie a member had among its best.</param>
internal sealed record BlendWeights(IReadOnlyList<MemberWeight> Of, int People, int Found)
{
    private const double Unfitted = 1;

    /// <summary>Fits.</summary>
    /// <param name="listed">What was said about whom.</param>
    /// <param name="members">Number of members.</param>
    /// <param name="people">People asked about.</param>
    /// <param name="run">Threads and progress; the loss told is minus the mean log-likelihood.</param>
    public static BlendWeights Fit(IReadOnlyList<ListedMovies> listed, int members, int people, FitRun run)
    {
        var weights = new double[2 * members];
        for (var m = 0; m < members; m++)
            weights[(2 * m) + 1] = Unfitted / members;
        if (listed.Count > 0)
            weights = ProjectedNewton.Climb(weights, w => ChoiceLikelihood.Of(listed, w, run.Compute.Threads), (step, value) => run.Report("weigh", 1 - (0.5 / step), -value));
        var of = Enumerable.Range(0, members).Select(m => new MemberWeight(weights[2 * m], weights[(2 * m) + 1])).ToArray();
        return new(of.All(w => w.IsZero) ? [.. of.Select(_ => new MemberWeight(0, Unfitted / members))] : of, people, listed.Count); // nobody knows better than the others: all alike
    }

    /// <summary>Notes them where the version is shown.</summary>
    public void Tell(Artifact artifact, IReadOnlyList<BlendMember> members, IReadOnlyCollection<BlendMember> again)
    {
        for (var m = 0; m < members.Count; m++)
            artifact.Found($"member {m + 1}", Of[m].IsZero
                ? $"{members[m].Name}: left out, since it has nothing to add to the others"
                : string.Create(CultureInfo.InvariantCulture, $"{members[m].Name}, seed {members[m].Seed}: {Of[m].Even:0.0000} z + {Of[m].Top:0.0000} ln(1 + max(z, 0) / 0.3), {(again.Contains(members[m]) ? "fitted on everything" : "fitted without the held-out movies")}"));
        artifact.Found("weights", People == 0
            ? "not fitted: nobody has two movies"
            : string.Create(CultureInfo.InvariantCulture, $"fitted on the last movies of {Found:N0} people, those of {People:N0} whose last movie is among the best of a member"));
    }
}
