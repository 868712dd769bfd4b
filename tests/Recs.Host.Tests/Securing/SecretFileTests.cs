using System.Text;
using Recs.Host.Securing;
using Recs.Host.Securing.Tokens;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Securing;

public sealed class SecretFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("recs-secret-").FullName;
    private readonly TestClock clock = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Written(string text)
    {
        var path = Path.Combine(folder, "secret");
        File.WriteAllText(path, text);
        return path;
    }

    [Theory]
    [InlineData("")]
    [InlineData("too short")]
    [InlineData("31 bytes and a line break.....\r\n\n\n\n\n")]
    public void a_secret_that_is_too_short_is_refused(string text)
        => Should.Throw<InvalidDataException>(() => SecretFile.Read(Written(text))).Message.ShouldContain("at least 32");

    [Fact]
    public void line_breaks_at_the_end_are_not_part_of_it()
        => SecretFile.Read(Written(Encoding.ASCII.GetString(TestTokens.Secret) + "\r\n")).ShouldBe(TestTokens.Secret);

    [Fact]
    public void a_secret_that_is_made_is_for_its_owner_alone_and_never_made_twice()
    {
        var path = SecretFile.OfHome(Path.Combine(folder, "home"));
        Parallel.For(0, 8, _ => SecretFile.Create(path));
        var secret = SecretFile.Read(path);
        secret.Length.ShouldBeGreaterThanOrEqualTo(32);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        SecretFile.Create(path).ShouldBeFalse();
        SecretFile.Read(path).ShouldBe(secret);
        Directory.GetFiles(Path.GetDirectoryName(path)!).ShouldBe([path]);
    }

    [Fact]
    public async Task a_file_that_comes_later_changes_or_goes_is_seen_within_a_second()
    {
        var path = Path.Combine(folder, "secret");
        var keys = new SecretKeys(path, clock);
        var options = new SecurityOptions { Clock = clock };
        var tokens = new VerifiedTokens(keys, new VerifyToken(keys, options), options);
        var header = "Bearer " + TestTokens.Hs256(TestTokens.Claims(clock.GetUtcNow()));
        async Task<bool> HoldsAsync() => (tokens.Remembered(header) ?? await tokens.CheckAsync(header, CancellationToken.None)).Caller is not null;

        (await HoldsAsync()).ShouldBeFalse();
        File.WriteAllBytes(path, TestTokens.Secret);
        (await HoldsAsync()).ShouldBeTrue("the first secret is seen at once");
        File.WriteAllText(path, "another secret that is just as long as it must be");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddSeconds(5));
        clock.Pass(1);
        (await HoldsAsync()).ShouldBeFalse("the secret was rotated");
        File.WriteAllBytes(path, TestTokens.Secret);
        clock.Pass(1);
        (await HoldsAsync()).ShouldBeTrue();
        File.Delete(path);
        clock.Pass(1);
        (await HoldsAsync()).ShouldBeFalse("a file that is gone is no key");
        keys.Any.ShouldBeFalse();
    }

    [Fact]
    public void a_bad_file_is_no_key_and_the_trouble_is_told()
    {
        var keys = new SecretKeys(Written("short"), clock);
        keys.Any.ShouldBeFalse();
        keys.Trouble!.ShouldContain("at least 32");
    }

    [Fact]
    public async Task a_verified_token_is_remembered_until_it_ends()
    {
        var options = new SecurityOptions { Clock = clock };
        var keys = new SecretKeys(Written(Encoding.ASCII.GetString(TestTokens.Secret)), clock);
        var tokens = new VerifiedTokens(keys, new VerifyToken(keys, options), options);
        var header = "bearer " + TestTokens.Hs256(TestTokens.Claims(clock.GetUtcNow()));
        tokens.Remembered(header).ShouldBeNull();
        await tokens.CheckAsync(header, CancellationToken.None);
        tokens.Remembered(header)!.Caller.ShouldNotBeNull();
        clock.Pass(TimeSpan.FromHours(1) + TokenClaims.Skew);
        tokens.Remembered(header).ShouldBeNull();
        (await tokens.CheckAsync(header, CancellationToken.None)).Reason!.ShouldContain("expired");
    }
}
