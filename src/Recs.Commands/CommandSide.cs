using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Recs.Commands.Batching;
using Recs.Commands.Cataloguing;
using Recs.Commands.Opening;
using Recs.Commands.Rating;
using Recs.Commands.Recording;
using Recs.Commands.Registering;
using Recs.Commands.Repeating;
using Recs.Commands.Watching;
using Recs.Contracts.Callers;

namespace Recs.Commands;

/// <summary>The write side: what it needs and the routes that it answers.</summary>
public static class CommandSide
{
    /// <summary>Registers the write side over the event store that the host registers.</summary>
    public static IServiceCollection AddCommandSide(this IServiceCollection services) => services
        .AddSingleton<KnownMovies>().AddSingleton<FactReferences>()
        .AddSingleton<KeptAnswers>().AddHostedService<ExpiredAnswers>()
        .AddSingleton<CommandLog>().AddSingleton<FactRecorder>().AddSingleton<BatchRecorder>().AddSingleton<DescriptionRecorder>();

    /// <summary>Maps the write routes.</summary>
    public static void MapCommandSide(this IEndpointRouteBuilder routes)
    {
        var commands = routes.MapGroup("").WithTags("Commands").RequireAuthorization(AccessPolicies.Caller)
            .AddEndpointFilter(Refusals.AnswerAsync)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesValidationProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        commands.MapRateMovie();
        commands.MapWatchMovie();
        commands.MapOpenMovie();
        commands.MapStoreEvents();
        commands.MapDescribeUser();
        commands.MapDescribeMovie();
    }
}
