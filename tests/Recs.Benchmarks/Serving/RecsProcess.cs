using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;

namespace Recs.Benchmarks.Serving;

/// <summary>The <c>recs</c> program as users run it, over a database of the benchmark's.</summary>
internal sealed partial class RecsProcess(string home, string connectionString)
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "recs.dll");

    /// <summary>Runs a verb to its end.</summary>
    /// <returns>What it wrote to standard output.</returns>
    public async Task<string> RunAsync(string[] arguments, CancellationToken cancel)
    {
        using var process = Start(arguments);
        var (said, failed) = (process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"recs {string.Join(' ', arguments)} ended with {process.ExitCode}: {await said} {await failed}");
        return await said;
    }

    /// <summary>Starts the service on a free port and waits until it is ready.</summary>
    public async Task<Service> ServeAsync(string[] arguments, CancellationToken cancel)
    {
        var process = Start(["up", "--port", "0", .. arguments]);
        process.BeginErrorReadLine();
        while (await process.StandardOutput.ReadLineAsync(cancel) is { } line)
            if (Address().Match(line) is { Success: true } address)
            {
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None); // keep the pipe empty
                var token = (await RunAsync(["token", "--role", "service", "--user", "bench"], cancel)).Trim();
                var service = new Service(process, address.Value, token, connectionString, home);
                await service.WaitUntilReadyAsync(cancel);
                return service;
            }
        throw new InvalidOperationException($"recs up ended with {process.ExitCode}.");
    }

    private Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["RECS_HOME"] = home;
        start.Environment["RECS_DB"] = connectionString;
        return Process.Start(start) ?? throw new InvalidOperationException("dotnet could not be started.");
    }

    [GeneratedRegex(@"http://[\d.:\[\]]+")]
    private static partial Regex Address();
}

/// <summary>A running service.</summary>
internal sealed class Service(Process process, string address, string token, string connectionString, string home) : IAsyncDisposable
{
    public string Address { get; } = address;

    /// <summary>A service's token: limits are on, and whoever loads the service says who it is.</summary>
    public string Token { get; } = token;

    public async Task WaitUntilReadyAsync(CancellationToken cancel)
    {
        using var http = new HttpClient();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!(await http.GetAsync(Address + "/readyz", patience.Token)).IsSuccessStatusCode)
            await pause.WaitForNextTickAsync(patience.Token);
    }

    /// <summary>A script that asks for the people of the log, one after the other in an order of its own.</summary>
    public async Task<string> WriteUserScriptAsync(CancellationToken cancel, string query = "k=20")
    {
        List<string> users = [];
        await using (var source = NpgsqlDataSource.Create(connectionString))
        await using (var command = source.CreateCommand("select user_id from read.user_history order by md5(user_id) limit 2000"))
        await using (var rows = await command.ExecuteReaderAsync(cancel))
            while (await rows.ReadAsync(cancel))
                users.Add(rows.GetString(0));
        var script = Path.Combine(home, $"users-{query.Length}.lua");
        await File.WriteAllTextAsync(script, $$"""
            local users = {{{string.Join(',', users.Select(u => JsonSerializer.Serialize(u)))}}}
            local next = 0
            request = function()
              next = next % #users + 1
              return wrk.format("GET", "/recommend/" .. users[next] .. "?{{query}}")
            end
            """, cancel);
        return script;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
