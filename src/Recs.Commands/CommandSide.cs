using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Recs.Commands.Rating;
using Recs.Commands.Recording;
using Recs.Commands.Watching;

namespace Recs.Commands;

/// <summary>The write side: what it needs and the routes that it answers.</summary>
public static class CommandSide
{
    /// <summary>Registers the write side over the event store that the host registers.</summary>
    public static IServiceCollection AddCommandSide(this IServiceCollection services) => services
        .AddSingleton<KnownMovies>()
        .AddSingleton<FactRecorder>();

    /// <summary>Maps the write routes.</summary>
    public static void MapCommandSide(this IEndpointRouteBuilder routes)
    {
        routes.MapRateMovie();
        routes.MapWatchMovie();
    }
}
