using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Recs.Host.Observing;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Observing;

public sealed class LogLinesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void a_json_line_is_one_line_whatever_it_says_and_names_its_request()
    {
        using var request = new Activity("request").Start();
        var line = JsonLines.Line(Noon, LogLevel.Error, "Recs.X", "two\nlines and a \"quote\"", [new("Status", 503), new("{OriginalFormat}", "...")], new InvalidOperationException("broken\nbadly"));
        line.ShouldNotContain('\n');
        var fields = JsonDocument.Parse(line).RootElement;
        fields.GetProperty("time").GetDateTimeOffset().ShouldBe(Noon);
        fields.GetProperty("level").GetString().ShouldBe("error");
        fields.GetProperty("message").GetString().ShouldBe("two\nlines and a \"quote\"");
        fields.GetProperty("requestId").GetString().ShouldBe(request.TraceId.ToHexString());
        fields.GetProperty("fields").EnumerateObject().Select(f => f.Name).ShouldBe(["Status"]);
        fields.GetProperty("error").GetString()!.ShouldContain("broken");
    }

    [Fact]
    public void a_line_for_people_is_one_line_with_level_and_request()
    {
        using var request = new Activity("request").Start();
        var written = new StringWriter();
        new TextLines().Write(new LogEntry<string>(LogLevel.Warning, "Recs.X", default, "some\nthing", new InvalidOperationException("broken"), (state, _) => state), null, written);
        written.ToString().ShouldBe($"warning: Recs.X: some thing [request {request.TraceId}] System.InvalidOperationException: broken{Environment.NewLine}");
    }
}
