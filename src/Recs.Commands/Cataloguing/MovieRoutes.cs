using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Recs.Commands.Recording;
using Recs.Commands.Repeating;
using Recs.Contracts;
using Recs.Contracts.Callers;
using Recs.Contracts.Movies;
using Recs.EventStore;
using Recs.EventStore.Evolving;

namespace Recs.Commands.Cataloguing;

/// <summary><c>POST /movies</c> adds, <c>PUT /movies</c> adds or changes.</summary>
public static class MovieRoutes
{
    /// <summary>Maps both routes; they need a service or an admin.</summary>
    public static void MapDescribeMovie(this IEndpointRouteBuilder routes)
    {
        Describe(routes.MapPost("/movies", Handler(mayExist: false)), "AddMovie", "Add a movie", "409 if the catalogue has the movie already.");
        Describe(
            routes.MapPut("/movies", Handler(mayExist: true)), "DescribeMovie", "Add a movie or change what is known about it",
            "201 for a new movie, 200 for a change and for what is known already (changed is false then, and nothing is stored).").Produces<MovieDescribed>();
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder route, string name, string summary, string description) => route
        .RequireAuthorization(AccessPolicies.Trusted)
        .WithName(name).WithSummary(summary).WithDescription(description)
        .Accepts<DescribeMovie>("application/json")
        .Produces<MovieDescribed>(StatusCodes.Status201Created);

    private static Delegate Handler(bool mayExist) => async (
        HttpContext http, DescriptionRecorder recorder, EventTypes types, TimeProvider clock,
        [FromHeader(Name = RepeatableRequest.Header), Description(RepeatableRequest.Meaning), StringLength(RepeatableRequest.MaxLength, MinimumLength = 1)] string? key,
        CancellationToken cancel) =>
    {
        var body = await CommandBody.ReadAsync(http.Request, cancel);
        var command = body.Parse(CommandJson.Default.DescribeMovie);
        command.Validate().ThrowIfAny();
        var request = RepeatableRequest.Of(http, key, body.Bytes.Span);
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        return (IResult)await recorder.RecordAsync(StreamIds.Movie(command.MovieId!), DescribeMovie.Kinds, command.ExpectedVersion, Decide, Answer, request, cancel);

        NewEvent? Decide(object? known)
        {
            if (known is not null && !mayExist)
                throw new CommandRefusedException(StatusCodes.Status409Conflict, $"The catalogue has a movie '{command.MovieId}' already. PUT /movies changes it.");
            return command.Decide(known) switch
            {
                MovieAdded added => types.Encode(id, added, id.ToString("N"), http.TraceIdentifier),
                MovieChanged changed => types.Encode(id, changed, id.ToString("N"), http.TraceIdentifier),
                _ => null,
            };
        }

        CommandAnswer Answer(Described described) => CommandAnswer.Of(
            described.Added ? StatusCodes.Status201Created : StatusCodes.Status200OK,
            new(command.MovieId!, described.Sequence is not null, described.Sequence, described.Version), CommandJson.Default.MovieDescribed, described.Sequence, described.Version);
    };
}
