using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Recs.Contracts.Callers;
using Recs.Host.Securing;
using Recs.Host.Securing.Tokens;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Securing;

public sealed class TokenVerbTests : IDisposable
{
    private readonly string home = Path.Combine(Directory.CreateTempSubdirectory("recs-token-").FullName, "home");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(home)!, recursive: true);

    private Task<Invocation> RunAsync(params string[] args) => Invocation.OfAsync(["token", .. args, "--home", home]);

    private static async Task<TokenVerdict> CheckAsync(string token, string secretFile, TimeProvider? clock = null)
    {
        var options = new SecurityOptions { Clock = clock ?? TimeProvider.System };
        return await new VerifyToken(new SecretKeys(secretFile, options.Clock), options).CheckAsync(token, CancellationToken.None);
    }

    [Fact]
    public async Task the_first_token_of_a_home_makes_its_secret_and_says_so_apart_from_the_token()
    {
        var first = await RunAsync("--user", "42");
        first.ExitCode.ShouldBe(0, first.Error);
        first.Error.ShouldContain(Path.Combine(home, "jwt-secret"));
        var token = first.Output.Trim();
        token.Count(c => c == '.').ShouldBe(2);
        var caller = (await CheckAsync(token, SecretFile.OfHome(home))).Caller!;
        caller.Subject().ShouldBe("42");
        CallerRoles.All.Where(caller.Has).ShouldBe([CallerRoles.User]);
        (await RunAsync("--role", "service")).Error.ShouldBeEmpty();
        (await CheckAsync(token, SecretFile.OfHome(home))).Caller.ShouldNotBeNull("the secret is still the same");
    }

    [Fact]
    public async Task a_token_has_the_life_the_roles_and_the_secret_that_were_asked_for()
    {
        var secret = Path.Combine(Path.GetDirectoryName(home)!, "mounted");
        File.WriteAllBytes(secret, TestTokens.Secret);
        var run = await RunAsync("--role", "service,admin", "--ttl", "90m", "--jwt-secret-file", secret, "--jwt-issuer", "me", "--json", "-");
        var report = JsonDocument.Parse(run.Output).RootElement;
        var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(report.GetProperty("token").GetString()!.Split('.')[1])).RootElement;
        (claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()).ShouldBe(90 * 60);
        claims.GetProperty("iss").GetString().ShouldBe("me");
        claims.GetProperty("role").EnumerateArray().Select(role => role.GetString()).ShouldBe(["service", "admin"]);
        (await CheckAsync(report.GetProperty("token").GetString()!, secret)).Caller!.Has(CallerRoles.Admin).ShouldBeTrue();
        Directory.Exists(home).ShouldBeFalse("no other secret was made");
        (run.Output + run.Error).ShouldNotContain(Encoding.ASCII.GetString(TestTokens.Secret));
    }

    [Theory]
    [InlineData("--user", "--role", "user")]
    [InlineData("wizard", "--role", "wizard")]
    [InlineData("--ttl", "--user", "1", "--ttl", "8")]
    [InlineData("--ttl", "--user", "1", "--ttl", "0h")]
    [InlineData("--ttl", "--user", "1", "--ttl", "99999999d")]
    [InlineData("no id", "--user", "no id")]
    [InlineData("/nowhere", "--user", "1", "--jwt-secret-file", "/nowhere")]
    public async Task what_cannot_be_is_refused_in_one_line(string named, params string[] args)
    {
        var run = await RunAsync(args);
        run.ExitCode.ShouldBe(2);
        run.Error.Trim().Split('\n').Length.ShouldBe(1);
        run.Error.ShouldContain(named);
        run.Output.ShouldBeEmpty();
    }
}
