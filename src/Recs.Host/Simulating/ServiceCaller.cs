using System.CommandLine;
using System.Net.Http.Headers;
using Recs.Host.CommandLine;

namespace Recs.Host.Simulating;

/// <summary>How a verb reaches a running service: its address, and the token of the caller that it plays.</summary>
internal static class ServiceCaller
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary><c>--url</c>.</summary>
    public static readonly Option<string> Url = new("--url") { HelpName = "URL", DefaultValueFactory = _ => "http://127.0.0.1:8080", Description = "Address of the running service." };

    /// <summary><c>--token-file</c>.</summary>
    public static readonly Option<string?> TokenFile = new("--token-file") { HelpName = "FILE", Description = "File with the token of a service ('recs token --role service'); '-' reads standard input. A service with --demo on needs none." };

    /// <summary>A client of the service that the command line names.</summary>
    /// <exception cref="UsageException">The address is none, or the token cannot be read.</exception>
    public static HttpClient Open(Run run)
    {
        var text = run.Get(Url)!;
        if (!Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0)
            throw new UsageException($"--url '{text}' is not an address such as http://127.0.0.1:8080.");
        var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) }) { BaseAddress = address, Timeout = Patience };
        if (run.Get(TokenFile) is { } file)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token(file));
        return http;
    }

    private static string Token(string file)
    {
        try
        {
            var token = (file == "-" ? Console.In.ReadToEnd() : File.ReadAllText(file)).Trim();
            return token.Length > 0 && token.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
                ? token
                : throw new UsageException($"--token-file '{file}' holds no token: expected what 'recs token' prints, and nothing else.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--token-file '{file}' cannot be read: {e.Message}", e);
        }
    }
}
