namespace Recs.Contracts.Users;

/// <summary>A person became known, with whatever the source tells about them. Stream <c>user-{UserId}</c>.</summary>
/// <param name="UserId">Text id as the outside world spells it.</param>
/// <param name="Gender">As the source gives it; MovieLens: <c>F</c> or <c>M</c>.</param>
/// <param name="Age">Years; MovieLens 1M gives the lower bound of an age band.</param>
/// <param name="Occupation">As the source gives it; MovieLens 1M: a code 0 to 20.</param>
/// <param name="ZipCode">As the source gives it.</param>
public sealed record UserRegistered(string UserId, string? Gender = null, int? Age = null, string? Occupation = null, string? ZipCode = null);

/// <summary>What is known about a person changed; the fields replace the former ones. Stream <c>user-{UserId}</c>.</summary>
public sealed record UserChanged(string UserId, string? Gender = null, int? Age = null, string? Occupation = null, string? ZipCode = null);

/// <summary>A minute of a movie was watched. Stream <c>user-{UserId}</c>.</summary>
/// <param name="UserId">Who watched.</param>
/// <param name="MovieId">What was watched.</param>
/// <param name="Minute">Minute of the movie, from 0.</param>
/// <param name="At">When it happened.</param>
public sealed record MovieWatched(string UserId, string MovieId, int Minute, DateTimeOffset At);

/// <summary>A movie was rated. Stream <c>user-{UserId}</c>.</summary>
/// <param name="UserId">Who rated.</param>
/// <param name="MovieId">What was rated.</param>
/// <param name="Rating">0.5 to 5 stars in halves.</param>
/// <param name="At">When it happened.</param>
public sealed record MovieRated(string UserId, string MovieId, double Rating, DateTimeOffset At);

/// <summary>A served movie was opened (clicked). Stream <c>user-{UserId}</c>.</summary>
public sealed record MovieOpened(string UserId, string MovieId, string? RequestId, DateTimeOffset At);

/// <summary>The person asked to be forgotten. Stream <c>user-{UserId}</c>.</summary>
public sealed record UserErased(string UserId, DateTimeOffset At, string Reason);
