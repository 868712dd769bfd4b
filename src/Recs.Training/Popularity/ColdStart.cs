using System.Buffers;
using Recs.Training.Artifacts;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Popularity;

/// <summary>
/// What a model answers where no history shapes its scores. Somebody who has no history but is known by age or gender gets what is popular with people like them: the
/// popularity times the lifts of their groups (<see cref="GroupLifts"/>). Everybody else, and everybody under an artifact without lifts, gets what is popular with all.
/// </summary>
internal sealed class ColdStart
{
    private readonly float[] _everybody;
    private readonly GroupLifts? _groups;

    private ColdStart(float[] everybody, GroupLifts? groups) => (_everybody, _groups) = (everybody, groups);

    /// <summary>Reads the popularity and the lifts of an artifact.</summary>
    /// <exception cref="DamagedArtifactException">Not one number per movie.</exception>
    public static ColdStart Read(ArtifactFiles files, int movies) => Read(files, PopularityCounts.Scores(files, movies));

    /// <summary>Reads the lifts of an artifact of a model that has a popularity of its own.</summary>
    /// <param name="files">Artifact.</param>
    /// <param name="everybody">Score of each movie for a person of whom nothing is known; kept.</param>
    /// <exception cref="DamagedArtifactException">Not one number per movie and group.</exception>
    public static ColdStart Read(ArtifactFiles files, float[] everybody) => new(everybody, GroupLifts.Read(files, everybody.Length));

    /// <summary>Score of each movie for a person of whom nothing is known.</summary>
    public ReadOnlySpan<float> Everybody => _everybody;

    /// <summary>Whether <see cref="Score(in UserState, Span{float})"/> answers with what is popular with the person's groups.</summary>
    public bool AnswersByGroup(in UserState user) => user.Movies.IsEmpty && _groups?.Know(user.Demographics) == true;

    /// <summary>Scores every movie. Allocates nothing.</summary>
    /// <param name="user">The person.</param>
    /// <param name="scores">One score per movie.</param>
    public void Score(in UserState user, Span<float> scores)
    {
        _everybody.CopyTo(scores);
        if (user.Movies.IsEmpty)
            _groups?.Raise(user.Demographics, scores);
    }

    /// <summary>Scores every movie where there are more of them than were counted: one that came later is popular with nobody.</summary>
    /// <param name="user">The person.</param>
    /// <param name="scores">One score per movie.</param>
    /// <param name="place">Where each movie that was counted stands among those that are scored; null if they are the same.</param>
    public void Score(in UserState user, Span<float> scores, int[]? place)
    {
        if (place is null)
        {
            Score(user, scores);
            return;
        }

        var counted = ArrayPool<float>.Shared.Rent(place.Length);
        Score(user, counted.AsSpan(0, place.Length));
        scores.Clear();
        for (var movie = 0; movie < place.Length; movie++)
            scores[place[movie]] = counted[movie];
        ArrayPool<float>.Shared.Return(counted);
    }
}

/// <summary>Freezes the answer of the cold start in an artifact.</summary>
internal static class ColdStartSections
{
    /// <summary>Adds the popularity and, where enough people are known by age or gender, the lifts of their groups.</summary>
    public static Artifact AddColdStart(this Artifact artifact, InteractionSet data, Histories histories)
        => artifact.Add(PopularityCounts.SectionName, (ReadOnlySpan<int>)PopularityCounts.Count(histories, data.Movies.Count)).AddGroupLifts(data, histories);

    /// <summary>Adds the lifts alone, to the artifact of a model that has a popularity of its own.</summary>
    public static Artifact AddGroupLifts(this Artifact artifact, InteractionSet data, Histories histories)
    {
        GroupLifts.AddTo(artifact, histories, data.Demographics, PopularityCounts.Count(histories, data.Movies.Count));
        return artifact;
    }
}
