using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Recs.Queries.Asking;
using Recs.Queries.Movies;
using Recs.Queries.People;
using Recs.Queries.Quality;

namespace Recs.Queries;

/// <summary>The reads beside the slate: movies, people, and the quality of what came in.</summary>
internal static class Reading
{
    /// <summary>Registers them.</summary>
    public static IServiceCollection AddReading(this IServiceCollection services) => services
        .AddSingleton<ReadModels>()
        .AddSingleton<SearchMovies>().AddSingleton<ShowMovie>().AddSingleton<FindSimilar>().AddSingleton<RankPopular>()
        .AddSingleton<PersonRequest>().AddSingleton<FindUsers>().AddSingleton<PopulationTaste>().AddSingleton<ShowSlates>();

    /// <summary>Maps their routes.</summary>
    public static void MapReading(this IEndpointRouteBuilder routes)
    {
        SearchMovies.Map(routes);
        ShowMovie.Map(routes);
        FindSimilar.Map(routes);
        RankPopular.Map(routes);
        FindUsers.Map(routes);
        ShowHistory.Map(routes);
        ShowTaste.Map(routes);
        ShowSlates.Map(routes);
        QualityRoute.Map(routes);
        RejectsRoute.Map(routes);
    }
}
