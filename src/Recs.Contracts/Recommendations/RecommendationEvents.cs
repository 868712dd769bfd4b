using System.Text.Json.Serialization;

namespace Recs.Contracts.Recommendations;

/// <summary>The variant of an experiment that a request was assigned to.</summary>
public sealed record Assignment(string Experiment, string Variant);

/// <summary>What shaped a slate besides the model: filters and their version, so that a replay applies the same ones.</summary>
/// <param name="V">Version of the policy's rules.</param>
/// <param name="Genre">Only movies of this genre, if asked for.</param>
/// <param name="Exclude">Movie ids that the caller left out.</param>
/// <param name="Diversity">Weight of unlike genres against relevance, above 0 and at most 1; in version 2 alone.</param>
/// <param name="Reranker">What chose the slate among the candidates with the best scores, by name; from version 3 on.</param>
/// <param name="Weight">What it counted against relevance, above 0 and at most 1; from version 3 on.</param>
public sealed record SlatePolicy(int V, string? Genre = null, IReadOnlyList<string>? Exclude = null, double? Diversity = null, string? Reranker = null, double? Weight = null);

/// <summary>
/// A slate was served. Stream <c>recommendations-{UserId}</c>. It holds all that a replay needs: the model's version, the
/// version of the user's stream that was folded, and the policy.
/// </summary>
/// <param name="RequestId">Unique id of the answer, a version 7 UUID in 32 hexadecimal digits.</param>
/// <param name="UserId">Who asked.</param>
/// <param name="K">How many movies were asked for.</param>
/// <param name="Items">Movie ids, best first.</param>
/// <param name="Scores">One single-precision score per item, bit for bit as computed.</param>
/// <param name="Model">Model name.</param>
/// <param name="ModelVersion">Version name, such as <c>popularity-v0.1</c>.</param>
/// <param name="ScorerVersion">Version of the scoring arithmetic.</param>
/// <param name="Channel">live, probe, tester, simulated or shadow.</param>
/// <param name="Personalized">Whether the user's history carried the slate; otherwise see <paramref name="Fallback"/>.</param>
/// <param name="Fallback">What answered instead of the history: <c>cold-start</c>, <c>demographic</c> (what is popular with people of the same age and gender) or <c>popularity</c>; <c>nothing-left</c> in a slate without items.</param>
/// <param name="UserVersion">Version of the stream <c>user-{UserId}</c> that was folded; 0 for an unknown user.</param>
/// <param name="UserDigest">Digest of the folded history, 16 hexadecimal digits, so that a replay notices any altered fact.</param>
/// <param name="ThroughSequence">Log position that the node had read when it scored.</param>
/// <param name="CatalogueSequence">Log position of the last catalogue event that the node had read when it scored.</param>
/// <param name="Policy">Filters and guardrails that were applied.</param>
/// <param name="LatencyMs">Milliseconds from the request's arrival to the finished slate, before it was recorded.</param>
/// <param name="At">When it was served, to the millisecond.</param>
/// <param name="Assignments">Experiments and variants, if any.</param>
/// <param name="Sources">Per item the model or interleaving side it came from, if more than one took part.</param>
/// <param name="PredictedRatings">Per item the predicted rating, if the model predicts ratings.</param>
/// <param name="Propensities">Per item the probability of its place, if the policy was random.</param>
/// <param name="Build">The code that served, as <see cref="BuildDeployed"/> tells it; absent in slates from before builds were recorded.</param>
public sealed record RecommendationServed(
    string RequestId, string UserId, int K, IReadOnlyList<string> Items, IReadOnlyList<float> Scores,
    string Model, string ModelVersion, int ScorerVersion, string Channel, bool Personalized,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Fallback,
    long UserVersion, string UserDigest, long ThroughSequence, long CatalogueSequence, SlatePolicy Policy, double LatencyMs, DateTimeOffset At,
    IReadOnlyList<Assignment>? Assignments = null, IReadOnlyList<string>? Sources = null,
    IReadOnlyList<float>? PredictedRatings = null, IReadOnlyList<float>? Propensities = null,
    string? Build = null);

/// <summary>A request got no slate. Stream <c>recommendations-{UserId}</c>.</summary>
/// <param name="RequestId">32 hexadecimal digits.</param>
/// <param name="UserId">Who asked.</param>
/// <param name="Reason">Why, in one of few ways to say it.</param>
/// <param name="At">When.</param>
/// <param name="Channel">Whose request it was; absent in events from before it was told.</param>
/// <param name="Status">HTTP status of the answer.</param>
/// <param name="LatencyMs">Milliseconds until it was known.</param>
public sealed record RecommendationFailed(
    string RequestId, string UserId, string Reason, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Channel = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Status = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? LatencyMs = null);

/// <summary>Somebody else's service answered, as its log tells. Stream <c>recommendations-{UserId}</c>. Counted under channel <c>imported</c>, never replayed.</summary>
/// <param name="RequestId">Made from the content: the same line always gets the same id.</param>
/// <param name="UserId">Who asked.</param>
/// <param name="Server">Who answered, as the log names it.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Items">Movie ids, best first.</param>
/// <param name="LatencyMs">Milliseconds that the answer took.</param>
/// <param name="At">When, as the log tells.</param>
public sealed record RecommendationObserved(string RequestId, string UserId, string Server, int Status, IReadOnlyList<string> Items, double LatencyMs, DateTimeOffset At);

/// <summary>Code served its first slate. Stream <c>build-{Build}</c>, one event for all processes of the same code.</summary>
/// <param name="Build">What slates name it by: 8 hexadecimal digits.</param>
/// <param name="CodeRevision">Commit, or <c>unknown</c>.</param>
/// <param name="Dirty">The work tree had uncommitted changes.</param>
/// <param name="Branch">Branch that was built, if the build stamped one.</param>
/// <param name="ImageDigest">Digest of the container image, if it ran in one.</param>
/// <param name="At">When it was about to serve the first one.</param>
public sealed record BuildDeployed(string Build, string CodeRevision, bool Dirty, string? Branch, string? ImageDigest, DateTimeOffset At);
