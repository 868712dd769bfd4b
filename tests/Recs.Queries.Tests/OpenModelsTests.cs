using Recs.Contracts.Registry;
using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Training.Artifacts;
using Shouldly;
using Xunit;

namespace Recs.Queries.Tests;

public class OpenModelsTests
{
    private readonly HashSet<string> _missing = [];
    private readonly List<string> _opened = [];
    private readonly TurnedClock _clock = new();
    private readonly OpenModels _models;

    public OpenModelsTests() => _models = new(
        manifest =>
        {
            _opened.Add(manifest.Version);
            return _missing.Contains(manifest.Version) ? throw new ArtifactNotFoundException("here", manifest.ContentHash) : new TableScorer(new Dictionary<string, float> { ["a"] = 1 });
        },
        new MovieNumbers(), _clock);

    [Fact]
    public void A_version_whose_files_are_missing_leaves_the_former_one_in_production_until_they_are_mended()
    {
        _models.Promote([Trained(1)]);
        _missing.Add("m-v0.2");
        _models.Promote([Trained(2), Trained(1)]);
        (_models.Champion!.Manifest.Version, _models.Trouble!.Contains("m-v0.2")).ShouldBe(("m-v0.1", true));
        _missing.Clear();
        _clock.Pass(TimeSpan.FromSeconds(2));
        _models.Retry();
        (_models.Champion!.Manifest.Version, _models.Trouble).ShouldBe(("m-v0.2", null));
    }

    [Fact]
    public void A_process_that_starts_without_the_files_answers_with_the_newest_former_version_that_opens()
    {
        _missing.UnionWith(["m-v0.3", "m-v0.2"]);
        _models.Promote([Trained(3), Trained(2), Trained(1)]);
        (_models.Champion!.Manifest.Version, _models.Trouble!.Contains("m-v0.3")).ShouldBe(("m-v0.1", true));
    }

    [Fact]
    public void A_version_that_does_not_open_is_not_tried_for_every_request()
    {
        _missing.Add("m-v0.1");
        for (var request = 0; request < 5; request++)
            Should.Throw<ArtifactNotFoundException>(() => _models.Get(Trained(1)));
        _opened.Count.ShouldBe(1);
        _clock.Pass(TimeSpan.FromSeconds(2));
        _missing.Clear();
        _models.Get(Trained(1)).Manifest.Version.ShouldBe("m-v0.1");
    }

    [Fact]
    public void The_version_that_was_used_least_recently_is_closed_first()
    {
        for (var n = 1; n <= 8; n++)
            _models.Get(Trained(n));
        _models.Get(Trained(1));
        _models.Get(Trained(9)); // one too many: the second goes
        _opened.Clear();
        _models.Get(Trained(1));
        _models.Get(Trained(2));
        _opened.ShouldBe(["m-v0.2"]);
    }

    [Fact]
    public void A_short_name_stands_for_a_version_where_one_model_alone_has_it()
    {
        var registry = RegistryState.Empty.With(Trained(1)).With(Trained(1) with { Model = "n", Version = "n-v0.1" }).With(Trained(2));
        registry.Find("v0.2")!.Version.ShouldBe("m-v0.2");
        registry.Find("v0.1").ShouldBeNull();
        registry.Find("v0.3").ShouldBeNull();
    }

    [Fact]
    public void What_was_in_production_is_told_newest_first_and_each_version_once()
    {
        var registry = RegistryState.Empty.With(Trained(1)).With(Trained(2));
        foreach (var n in new[] { 1, 2, 1 })
            registry = registry.With(new ModelPromoted("m", $"m-v0.{n}", null, "me", "better", DateTimeOffset.UnixEpoch));
        registry.ProductionNewestFirst.Select(m => m.Version).ShouldBe(["m-v0.1", "m-v0.2"]);
    }

    [Fact]
    public void Without_trust_a_version_is_opened_only_if_it_is_the_newest_or_was_in_production()
    {
        var registry = RegistryState.Empty;
        for (var n = 1; n <= 4; n++)
            registry = registry.With(Trained(n));
        foreach (var n in new[] { 1, 3 })
            registry = registry.With(new ModelPromoted("m", $"m-v0.{n}", null, "me", "better", DateTimeOffset.UnixEpoch));
        Should.Throw<VersionNotOfferedException>(() => _models.GetFor(Trained(2), registry, trusted: false));
        _opened.ShouldBeEmpty();
        foreach (var n in new[] { 1, 3, 4 })
            _models.GetFor(Trained(n), registry, trusted: false).Manifest.Version.ShouldBe($"m-v0.{n}");
        _models.GetFor(Trained(2), registry, trusted: true).Manifest.Version.ShouldBe("m-v0.2");
        _models.GetFor(Trained(2), registry, trusted: false).Manifest.Version.ShouldBe("m-v0.2"); // open by now
    }

    private static ModelTrained Trained(int n)
        => new("t", "m", $"m-v0.{n}", new string('a', 64), "s1", "sha", 1, new Dictionary<string, string>(), 1, 1, "rev", false, [], 0, 0, DateTimeOffset.UnixEpoch);
}
