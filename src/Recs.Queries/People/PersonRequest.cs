using Microsoft.AspNetCore.Http;
using Recs.Queries.Asking;
using Recs.Queries.Catalogue;
using Recs.Queries.Serving;
using Recs.Queries.UserStates;

namespace Recs.Queries.People;

/// <summary>A person's history as this node knows it, and the log position that it was read through.</summary>
internal sealed record PersonRead(KnownUser User, CatalogueState Catalogue, long Through);

/// <summary>What every read of a person's own data does first: is the request well formed, may the caller see it, has this node read far enough.</summary>
public sealed class PersonRequest(LogFollower follower, UserStateCache users, MovieNumbers numbers)
{
    /// <summary>The person's state, or the answer that says why not. Personal data is not for caches.</summary>
    internal async ValueTask<(PersonRead? Read, IResult? Refusal)> OpenAsync(HttpContext http, string userId, QueryReader read)
    {
        http.Response.Headers.CacheControl = "no-store";
        read.CheckId("userId", userId);
        var (minSequence, wait) = (read.MinSequence(), read.Wait());
        if ((read.Refusal ?? Refusal.NotTheirs(http.User, userId)) is { } refusal)
            return (null, refusal);
        if (!await follower.WaitForAsync(minSequence, wait, http.RequestAborted))
            return (null, Refusal.NotYet(http, $"This node has read the log through {follower.Through}, not yet through {minSequence}."));
        var view = follower.View; // before the state, which is at least as new
        var user = await users.GetAsync(userId, http.RequestAborted);
        return (new(user, view.Catalogue, Math.Max(view.Through, user.State.Sequence)), null);
    }

    /// <summary>The movie as the catalogue has it, or what stands for an id that it does not hold.</summary>
    internal Movie MovieOf(CatalogueState catalogue, string movieId) => catalogue.Find(numbers.Find(movieId)) ?? Movie.Unknown(movieId);
}
