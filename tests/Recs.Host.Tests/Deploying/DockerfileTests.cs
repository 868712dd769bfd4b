using System.Text.RegularExpressions;
using Recs.Host.Configuring;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Deploying;

public sealed partial class DockerfileTests
{
    [Fact]
    public void What_is_copied_exists()
    {
        foreach (Match copy in Copy().Matches(Deployment.Dockerfile))
            foreach (var path in copy.Groups["paths"].Value.Split(' ')[..^1])
                Path.Exists(Deployment.At(path)).ShouldBeTrue(path);
    }

    [Fact]
    public void Every_project_that_is_built_is_copied()
        => Copy().Matches(Deployment.Dockerfile).SelectMany(c => c.Groups["paths"].Value.Split(' ')).ShouldBe(
            ["global.json", "Directory.Build.props", "Directory.Packages.props", "./", "db/", "db/", "src/", "src/"]);

    [Fact]
    public void Its_variables_are_settings()
    {
        foreach (Match variable in RecsVariable().Matches(Deployment.Dockerfile))
            Setting.All.ShouldContain(s => s.Variable == variable.Groups["name"].Value);
    }

    [Fact]
    public void It_listens_where_it_says_and_asks_the_probe_that_exists()
    {
        Deployment.Dockerfile.ShouldContain($"EXPOSE {Listens()}\n");
        Deployment.Dockerfile.ShouldContain($"http://127.0.0.1:{Listens()}/healthz");
    }

    [Fact]
    public void It_has_two_stages_the_Kafka_client_and_no_root()
    {
        Regex.Count(Deployment.Dockerfile, "^FROM ", RegexOptions.Multiline).ShouldBe(2);
        Deployment.Dockerfile.ShouldContain("librdkafka1");
        Deployment.Dockerfile.ShouldContain("\nUSER app\n");
    }

    [Fact]
    public void It_starts_the_program_that_the_project_makes()
        => Deployment.Dockerfile.ShouldContain($"ENTRYPOINT [\"dotnet\", \"/app/{typeof(Setting).Assembly.GetName().Name}.dll\"]");

    /// <summary>The port of <c>RECS_PORT</c>.</summary>
    public static string Listens() => Port().Match(Deployment.Dockerfile).Groups["port"].Value;

    [GeneratedRegex(@"^COPY (?!--from)(?<paths>.+)$", RegexOptions.Multiline)]
    private static partial Regex Copy();

    [GeneratedRegex(@"(?<name>RECS_[A-Z_]+)=")]
    private static partial Regex RecsVariable();

    [GeneratedRegex(@"RECS_PORT=(?<port>\d+)")]
    private static partial Regex Port();
}
