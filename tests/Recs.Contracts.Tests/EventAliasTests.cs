using System.Reflection;
using Recs.EventStore.Evolving;
using Shouldly;
using Xunit;

namespace Recs.Contracts.Tests;

public class EventAliasTests
{
    public static TheoryData<string, string> Pinned => new()
    {
        { nameof(EventAliases.UserRegistered), "user_registered" },
        { nameof(EventAliases.UserChanged), "user_changed" },
        { nameof(EventAliases.MovieWatched), "movie_watched" },
        { nameof(EventAliases.MovieRated), "movie_rated" },
        { nameof(EventAliases.MovieOpened), "movie_opened" },
        { nameof(EventAliases.UserErased), "user_erased" },
        { nameof(EventAliases.MovieAdded), "movie_added" },
        { nameof(EventAliases.MovieChanged), "movie_changed" },
        { nameof(EventAliases.RecommendationServed), "recommendation_served" },
        { nameof(EventAliases.RecommendationObserved), "recommendation_observed" },
        { nameof(EventAliases.RecommendationFailed), "recommendation_failed" },
        { nameof(EventAliases.BuildDeployed), "build_deployed" },
        { nameof(EventAliases.SnapshotTaken), "snapshot_taken" },
        { nameof(EventAliases.TrainingRequested), "training_requested" },
        { nameof(EventAliases.ModelTrained), "model_trained" },
        { nameof(EventAliases.TrainingFailed), "training_failed" },
        { nameof(EventAliases.TrainingCancelled), "training_cancelled" },
        { nameof(EventAliases.ModelEvaluated), "model_evaluated" },
        { nameof(EventAliases.ModelPromoted), "model_promoted" },
        { nameof(EventAliases.ModelRolledBack), "model_rolled_back" },
        { nameof(EventAliases.TuningTrialEnded), "tuning_trial_ended" },
        { nameof(EventAliases.OptionsTuned), "options_tuned" },
        { nameof(EventAliases.BatchValidated), "batch_validated" },
        { nameof(EventAliases.MetricDefined), "metric_defined" },
    };

    private static IEnumerable<FieldInfo> Constants => typeof(EventAliases).GetFields(BindingFlags.Public | BindingFlags.Static);

    [Theory]
    [MemberData(nameof(Pinned))]
    public void An_alias_never_changes(string name, string alias)
        => typeof(EventAliases).GetField(name)!.GetRawConstantValue().ShouldBe(alias);

    [Fact]
    public void Every_alias_is_pinned_here()
        => Constants.Select(f => f.Name).ShouldBe(Pinned.Select(row => (string)row[0]), ignoreOrder: true);

    [Fact]
    public void Every_alias_is_what_marten_would_call_the_contract()
        => Constants.ShouldAllBe(f => ClassicAlias.Of(f.Name) == (string)f.GetRawConstantValue()!);
}
