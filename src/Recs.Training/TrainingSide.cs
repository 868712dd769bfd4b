using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Recs.Training.Fitting;
using Recs.Training.Registry;
using Recs.Training.Reproducing;
using Recs.Training.Snapshots;
using Recs.Training.Trainings;
using Recs.Training.Tuning;

namespace Recs.Training;

/// <summary>Models and trainings: what they need, the routes that read and decide, and the role that fits.</summary>
public static class TrainingSide
{
    /// <summary>Registers the use cases over the event store, the artifact store, the <see cref="CodeRevision"/> and the <see cref="TrainingOptions"/> that the host registers.</summary>
    public static IServiceCollection AddModelRegistry(this IServiceCollection services) => services
        .AddSingleton<ListModels>().AddSingleton<NameVersions>().AddSingleton<PromoteModel>().AddSingleton<RollBackModel>().AddSingleton<ReproduceModel>()
        .AddSingleton<FindSnapshot>().AddSingleton<SnapshotReader>().AddSingleton<LoadSnapshot>().AddSingleton<TakeSnapshot>()
        .AddSingleton<TrainingJobs>().AddSingleton<TrainingLeases>().AddSingleton<TrainingData>().AddSingleton<RecordOutcome>()
        .AddSingleton<TunedOptions>().AddSingleton<RequestTraining>().AddSingleton<CancelTraining>().AddSingleton<CarryOutTraining>()
        .AddSingleton<ProgressStreams>().AddSingleton<TrainingNews>().AddHostedService(s => s.GetRequiredService<TrainingNews>());

    /// <summary>Registers the role that carries out what was asked for.</summary>
    public static IServiceCollection AddTrainingRole(this IServiceCollection services) => services.AddHostedService<TrainingWorker>();

    /// <summary>Maps the routes that decide.</summary>
    public static void MapModelDecisions(this IEndpointRouteBuilder routes)
    {
        routes.MapPromoteModel();
        routes.MapRollBackModel();
        routes.MapPromotionAliases();
        routes.MapReproduceModel();
        routes.MapRequestTraining();
        routes.MapCancelTraining();
    }

    /// <summary>Maps the routes that read.</summary>
    public static void MapModelRegistry(this IEndpointRouteBuilder routes)
    {
        routes.MapShowModels();
        routes.MapProductionHistory();
        routes.MapLeaderboard();
        routes.MapShowTraining();
        routes.MapFollowTraining();
    }
}
