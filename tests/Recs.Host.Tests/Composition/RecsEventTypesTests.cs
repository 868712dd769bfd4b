using System.Reflection;
using Recs.Contracts;
using Recs.Host.Composition;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Composition;

public sealed class RecsEventTypesTests
{
    [Fact]
    public void wire_names_are_pinned()
        => Aliases().Order(StringComparer.Ordinal).ShouldBe([
            "batch_validated", "build_deployed", "metric_defined", "model_evaluated", "model_promoted", "model_rolled_back", "model_trained", "movie_added", "movie_changed", "movie_opened", "movie_rated",
            "movie_watched", "options_tuned", "recommendation_failed", "recommendation_observed", "recommendation_served", "snapshot_taken", "training_cancelled", "training_failed", "training_requested",
            "tuning_trial_ended", "user_changed", "user_erased", "user_registered"]);

    [Fact]
    public void every_wire_name_has_its_contract()
    {
        var types = RecsEventTypes.Create();
        foreach (var alias in Aliases())
            types.Decode(new(1, Guid.Empty, "s", 1, alias, "{}"u8.ToArray(), default, null, null)).GetType().Name.ShouldBe(
                string.Concat(alias.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..])));
    }

    private static IEnumerable<string> Aliases()
        => typeof(EventAliases).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!);
}
