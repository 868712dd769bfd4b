using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Evaluating.Protocols;

/// <summary>A data set cut in two.</summary>
/// <param name="Train">What a model may see, over the same ids as the whole data set.</param>
/// <param name="People">Who is judged, users in ordinal order of their ids. Somebody may occur more than once, with different ratings given.</param>
public sealed record Split(InteractionSet Train, IReadOnlyList<JudgedPerson> People);

/// <summary>Somebody of whom a part is known and the rest is to be found.</summary>
/// <param name="User">Dense id.</param>
/// <param name="Given">What the model is told when it is asked: distinct dense movie ids, oldest first.</param>
/// <param name="GivenHalfStars">The ratings of <paramref name="Given"/> in half stars.</param>
/// <param name="Targets">What is to be found or predicted: distinct dense movie ids, none of them left out.</param>
/// <param name="TargetHalfStars">The ratings of <paramref name="Targets"/> in half stars.</param>
/// <param name="LeftOut">Movies that no list may hold, because the person has seen them.</param>
/// <param name="Group">How much was given, where a protocol varies that; null where it does not.</param>
public sealed record JudgedPerson(int User, int[] Given, byte[] GivenHalfStars, int[] Targets, byte[] TargetHalfStars, int[] LeftOut, string? Group = null)
{
    /// <summary>What a scorer is told.</summary>
    /// <param name="train">The split's data, which knows the demographics.</param>
    public UserState State(InteractionSet train) => new(Given, GivenHalfStars, train.Demographics[User]);
}
