using System.Collections;
using Recs.Host.CommandLine;
using Recs.Host.Configuring;
using Recs.Host.Listening;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Configuring;

public sealed class SettingsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("best:0.5")]
    [InlineData("dpp:2")]
    public void a_re_ranker_that_there_is_not_is_refused_with_those_that_there_are(string value)
        => Should.Throw<UsageException>(() => NodeOptions.Of(Resolved(("RECS_RERANK", value)))).Message.ShouldContain("one of mmr, dpp, genre-calibrated, popularity-calibrated");

    [Fact]
    public void a_flag_wins_over_the_environment_which_wins_over_the_file_which_wins_over_the_default()
    {
        var file = Written("""{ "port": 3, "record": "off", "bind": "::1" }""");
        var environment = new Hashtable { ["RECS_PORT"] = "2", ["RECS_RECORD"] = "on" };
        var settings = Settings.Resolve(s => s == Setting.Port ? "1" : null, environment, file);
        settings.All.Where(v => v.Setting == Setting.Port || v.Setting == Setting.Record || v.Setting == Setting.Bind || v.Setting == Setting.Roles)
            .Select(v => (v.Value, v.Source))
            .ShouldBe([("::1", file), ("1", "flag --port"), ("on", "environment RECS_RECORD"), ("all", "default")]);
    }

    [Fact]
    public void an_unknown_setting_in_the_file_is_named()
        => Should.Throw<UsageException>(() => Resolved(file: Written("""{ "prot": 1 }"""))).Message.ShouldContain("'prot'");

    [Theory]
    [InlineData("[1]")]
    [InlineData("{ port")]
    public void a_file_that_is_not_an_object_is_named(string text)
    {
        var file = Written(text);
        Should.Throw<UsageException>(() => Resolved(file: file)).Message.ShouldContain(file);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-1")]
    [InlineData("65536")]
    public void a_number_out_of_range_is_refused_with_its_source(string port)
        => Should.Throw<UsageException>(() => Resolved(("RECS_PORT", port)).Number(Setting.Port, 0, 65535)).Message
            .ShouldBe($"'port' is '{port}' (environment RECS_PORT); expected a whole number from 0 to 65535.");

    [Fact]
    public void a_word_that_is_not_among_the_choices_is_refused()
        => Should.Throw<UsageException>(() => Resolved(("RECS_RECORD", "yes")).OneOf(Setting.Record, "on", "off")).Message.ShouldContain("'on' or 'off'");

    [Theory]
    [InlineData("postgres://ann:s3cret@db:5432/recs", "postgres://ann:***@db:5432/recs")]
    [InlineData("Host=db;Password=s3cret;Username=ann", "Host=db;Password=***;Username=ann")]
    [InlineData("Host=db;Pwd='s3;cret'", "Host=db;Pwd=***")]
    public void a_password_is_never_shown(string value, string shown) => Secret.Mask(value).ShouldBe(shown);

    private static Settings Resolved((string, string)? variable = null, string? file = null)
    {
        var environment = new Hashtable();
        if (variable is var (name, value)) environment[name] = value;
        return Settings.Resolve(_ => null, environment, file);
    }

    private string Written(string json)
    {
        var path = Path.Combine(folder, "recs.json");
        File.WriteAllText(path, json);
        return path;
    }
}
