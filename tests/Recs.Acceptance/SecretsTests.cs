using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Recs.Acceptance.Running;
using Shouldly;
using Xunit;

namespace Recs.Acceptance;

/// <summary>From nothing to a token that works, and what a run says meanwhile: never a secret, never a token.</summary>
public sealed partial class SecretsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly StringBuilder _said = new();
    private RecsProgram _recs = null!;

    public async Task InitializeAsync() => _recs = await RecsProgram.CreateAsync();

    public async Task DisposeAsync() => await _recs.DisposeAsync();

    [Fact]
    public async Task Up_and_token_work_together_and_neither_tells_a_secret()
    {
        using var up = Up();
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri(Address().Match(await HearAsync("Listening")).Value) };
            await HearAsync("NO KEY");
            (await SendAsync(http, null)).ShouldBe(HttpStatusCode.Unauthorized, "closed by default");

            var made = await _recs.MustAsync("token", "--role", "service");
            var secret = await File.ReadAllTextAsync(Path.Combine(_recs.Home, "jwt-secret"));
            made.Everything.ShouldNotContain(secret);
            var token = made.Output.Trim();
            await UntilAsync(async () => await SendAsync(http, token) == HttpStatusCode.UnprocessableEntity); // let in: the movie is not in the catalogue
            (await SendAsync(http, token + "x")).ShouldBe(HttpStatusCode.Unauthorized);
            (await SendAsync(http, "not.a." + secret)).ShouldBe(HttpStatusCode.Unauthorized);

            up.Kill();
            await up.WaitForExitAsync();
            string[] unsayable = [secret, token, .. token.Split('.')[1..]];
            foreach (var text in unsayable)
                Said().ShouldNotContain(text);
        }
        finally
        {
            if (!up.HasExited)
                up.Kill();
        }
    }

    [Fact]
    public async Task Settings_show_no_password()
    {
        var shown = await _recs.MustAsync("settings", "--db", "postgres://ann:s3cret@db.example/recs", "--jwks-url", "https://ann:s3cret@issuer.example/keys");
        shown.Output.ShouldContain("jwks-url");
        shown.Everything.ShouldNotContain("s3cret");
    }

    /// <summary>The service with everything logged that the framework can log.</summary>
    private Process Up()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "recs.dll"), "up", "--port", "0"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["RECS_HOME"] = _recs.Home;
        start.Environment["RECS_DB"] = _recs.Database.ConnectionString;
        start.Environment["Logging__LogLevel__Default"] = "Trace";
        var up = Process.Start(start)!;
        up.OutputDataReceived += Hear;
        up.ErrorDataReceived += Hear;
        up.BeginOutputReadLine();
        up.BeginErrorReadLine();
        return up;
    }

    private void Hear(object sender, DataReceivedEventArgs e)
    {
        lock (_said) _said.AppendLine(e.Data);
    }

    private string Said()
    {
        lock (_said) return _said.ToString();
    }

    private async Task<string> HearAsync(string text)
    {
        await UntilAsync(() => Task.FromResult(Said().Contains(text, StringComparison.Ordinal)));
        return Said().Split('\n').First(line => line.Contains(text, StringComparison.Ordinal));
    }

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (!await condition())
                await pause.WaitForNextTickAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException("The service said:\n" + Said());
        }
    }

    private static async Task<HttpStatusCode> SendAsync(HttpClient http, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/ratings") { Content = new StringContent("""{"userId":"1","movieId":"nowhere","rating":4}""", Encoding.UTF8, "application/json") };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    [GeneratedRegex(@"http://[\d.:\[\]]+")]
    private static partial Regex Address();
}
