using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Recs.Acceptance.Running;
using Recs.Testing;
using Shouldly;
using Xunit;

namespace Recs.Acceptance;

/// <summary>Runs the shell lines of <c>docs/api-contract.md</c> as they stand there.</summary>
public sealed partial class ApiContractTests : IAsyncLifetime
{
    /// <summary>Writes each answer's status in a line of its own; a line of the document with several requests shows the last.</summary>
    private const string Curl = """
        curl() { command curl -sS --max-time 30 -o answer -w '%{http_code}\n' "$@" | tail -n 1; }
        """;

    private RecsProgram _recs = null!;
    private RunningService _service = null!;

    public async Task InitializeAsync()
    {
        _recs = await RecsProgram.PreparedAsync();
        _service = await _recs.ServeAsync();
    }

    [Fact]
    public async Task Every_line_of_the_document_gets_the_status_that_it_says()
    {
        var lines = Blocks().Matches(await File.ReadAllTextAsync(Path.Combine(TestCluster.Root(), "docs", "api-contract.md")))
            .SelectMany(block => block.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToList();
        var promised = lines.Where(line => line.StartsWith("curl ", StringComparison.Ordinal)).ToList();
        promised.Count.ShouldBeGreaterThanOrEqualTo(30);
        promised.ShouldAllBe(line => Promise().IsMatch(line));
        var got = (await RunAsync(lines)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        promised.Zip(got).Where(pair => Promise().Match(pair.First).Groups["status"].Value != pair.Second).Select(pair => $"got {pair.Second}: {pair.First}").ShouldBeEmpty();
        got.Length.ShouldBe(promised.Count);
    }

    [Fact]
    public async Task Every_route_of_the_OpenAPI_document_has_a_good_and_a_bad_line()
    {
        var document = JsonDocument.Parse(await _service.Http.GetStringAsync("/openapi/v1.json")).RootElement;
        var lines = (await File.ReadAllLinesAsync(Path.Combine(TestCluster.Root(), "docs", "api-contract.md"))).Select(line => Promise().Match(line)).Where(m => m.Success).ToList();
        foreach (var path in document.GetProperty("paths").EnumerateObject().Select(p => p.Name))
        {
            var pattern = new Regex(@"\$RECS" + Regex.Replace(Regex.Escape(path).Replace("/training/\\{id}", "(/training/[^/ \"]+|\\$training|\\$queued)"), @"\\\{[^}]+}", "[^/ \"?]+") + "[\"?]");
            var statuses = lines.Where(line => pattern.IsMatch(line.Value)).Select(line => line.Groups["status"].Value[0]).ToHashSet();
            statuses.ShouldContain('2', path);
            (statuses.Contains('4') || path == "/metrics").ShouldBeTrue($"no bad line for {path}"); // nothing that can be asked of it is bad
        }
    }

    private async Task<string> RunAsync(IEnumerable<string> lines)
    {
        var folder = Directory.CreateTempSubdirectory("recs-contract-");
        var start = new ProcessStartInfo("bash", ["-s"]) { WorkingDirectory = folder.FullName, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["RECS"] = _service.Http.BaseAddress!.ToString().TrimEnd('/');
        foreach (var (name, arguments) in new[] { ("ONE", "--user 1"), ("TWO", "--user 2"), ("SERVICE", "--role service"), ("ADMIN", "--role admin") })
            start.Environment[name] = (await _recs.MustAsync(["token", .. arguments.Split(' ')])).Output.Trim();
        using var bash = Process.Start(start)!;
        var (output, error) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.StandardInput.WriteAsync(new StringBuilder(Curl).Append('\n').AppendJoin('\n', lines).Append('\n'));
        bash.StandardInput.Close();
        await bash.WaitForExitAsync();
        folder.Delete(recursive: true);
        (await error).ShouldBeEmpty();
        return await output;
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _recs.DisposeAsync();
    }

    [GeneratedRegex("^```sh\n(?<lines>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^curl .*# (?<status>\d{3})( .+)?$")]
    private static partial Regex Promise();
}
