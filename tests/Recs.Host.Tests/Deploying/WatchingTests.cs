using System.Diagnostics;
using Shouldly;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Recs.Host.Tests.Deploying;

/// <summary>Prometheus' and Grafana's files.</summary>
public sealed class WatchingTests
{
    [Fact]
    public void Prometheus_scrapes_every_service_of_recs_at_its_port()
    {
        var jobs = (YamlSequenceNode)Deployment.Load("deploy/prometheus/prometheus.yml")["scrape_configs"];
        var recs = (YamlMappingNode)jobs.Single(job => job["job_name"].ToString() == "recs")["dns_sd_configs"][0];
        recs.Texts("names").Order().ShouldBe(Deployment.RecsNodes.Select(s => s.Name).Order());
        recs["port"].ToString().ShouldBe(DockerfileTests.Listens());
    }

    [Fact]
    public void Alerts_go_to_a_service_that_exists()
    {
        var managers = Deployment.Load("deploy/prometheus/prometheus.yml")["alerting"]["alertmanagers"][0]["static_configs"][0];
        Deployment.Services.ShouldContain(s => ((YamlMappingNode)managers).Texts("targets").ShouldHaveSingleItem() == s.Name + ":9093");
    }

    [Theory]
    [InlineData("check", "config", "deploy/prometheus/prometheus.yml")]
    [InlineData("test", "rules", "deploy/prometheus/rules.test.yml")]
    public async Task Promtool_agrees(string verb, string kind, string file)
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", [verb, kind, Deployment.At(file)]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await Task.WhenAll(promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        await promtool.WaitForExitAsync();
        promtool.ExitCode.ShouldBe(0, string.Concat(said));
    }

    [Fact]
    public void Grafana_asks_services_that_exist()
    {
        foreach (var source in (YamlSequenceNode)Deployment.Load("deploy/grafana/provisioning/datasources/recs.yml")["datasources"])
            Deployment.Services.ShouldContain(s => s.Name == source["url"].ToString().Replace("http://", "").Split(':', StringSplitOptions.None)[0], source["name"].ToString());
    }
}
