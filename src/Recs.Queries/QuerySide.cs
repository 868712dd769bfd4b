using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Recs.Projections;
using Recs.Projections.OnlineMetrics;
using Recs.Projections.UserHistory;
using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Queries.Monitoring;
using Recs.Queries.OnlineMetrics;
using Recs.Queries.Provenance;
using Recs.Queries.Serving;
using Recs.Queries.UserStates;
using Recs.Training.Artifacts;
using Recs.Training.Fitting;

namespace Recs.Queries;

/// <summary>The read side that serves: what it needs and the routes that it answers.</summary>
public static class QuerySide
{
    /// <summary>Registers the read side over the event store, the artifact store and the <see cref="ServingOptions"/> that the host registers.</summary>
    public static IServiceCollection AddQuerySide(this IServiceCollection services)
    {
        services.AddHealthChecks()
            .AddCheck<FollowerCheck>("log")
            .AddCheck<ModelCheck>("model")
            .AddCheck<RecordingCheck>("recording");
        return services
            .AddSingleton<MovieNumbers>()
            .AddSingleton<IdPool>()
            .AddSingleton<OpenModels>()
            .AddHostedService<ChampionWatch>()
            .AddSingleton<OpenScorer>(s => ScorersOf(s.GetRequiredService<ArtifactStore>()))
            .AddSingleton<UserHistoryReader>()
            .AddSingleton(s => new UserStateCache(
                s.GetRequiredService<UserHistoryReader>().LoadAsync, s.GetRequiredService<MovieNumbers>(), s.GetRequiredService<IdPool>(),
                s.GetRequiredService<ServingOptions>().UserStateBytes))
            .AddSingleton<LogFollower>()
            .AddHostedService(s => s.GetRequiredService<LogFollower>())
            .AddHostedService<ServingGauges>()
            .AddSingleton<RecordBuild>()
            .AddSingleton<RecordFailure>()
            .AddSingleton<SlateGrounds>()
            .AddSingleton<ServeSlate>()
            .AddSingleton<OnlineMetricsReader>()
            .AddHostedService<OnlineGauges>()
            .AddReading();
    }

    /// <summary>Opens scorers from an artifact store, every byte verified.</summary>
    public static OpenScorer ScorersOf(ArtifactStore artifacts)
        => manifest => Recommenders.Named(manifest.Model).Open(artifacts.Open(manifest.ContentHash));

    /// <summary>Maps the read routes.</summary>
    public static void MapQuerySide(this IEndpointRouteBuilder routes)
    {
        routes.MapRecommend();
        routes.MapProvenance();
        routes.MapReading();
        routes.MapOnlineMetrics();
    }
}
