using System.Net;
using Recs.Host.CommandLine;

namespace Recs.Host.Simulating;

/// <summary>Sends a request again while the service is away or asks for patience.</summary>
/// <param name="http">Client of the service.</param>
/// <param name="real">Real time.</param>
/// <param name="patience">How long in a row.</param>
internal sealed class PatientCaller(HttpClient http, TimeProvider real, TimeSpan patience)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100), Longest = TimeSpan.FromSeconds(2);

    /// <summary>Sends until there is an answer that is final.</summary>
    /// <param name="make">Makes the request anew for each attempt.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="UnavailableException">The service stayed away.</exception>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancel)
    {
        var begun = real.GetTimestamp();
        for (var pause = First; ; pause = pause * 2 < Longest ? pause * 2 : Longest)
        {
            var (response, trouble) = await TryAsync(make, cancel);
            if (response is { StatusCode: not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout) })
                return response;
            var asked = response?.Headers.RetryAfter?.Delta ?? pause;
            trouble ??= $"it answers {(int)response!.StatusCode}";
            response?.Dispose();
            if (real.GetElapsedTime(begun) + asked > patience)
                throw new UnavailableException($"the service at {http.BaseAddress} stayed away for {real.GetElapsedTime(begun).TotalSeconds:0} s: {trouble}.");
            await Task.Delay(asked, real, cancel);
        }
    }

    private async Task<(HttpResponseMessage? Response, string? Trouble)> TryAsync(Func<HttpRequestMessage> make, CancellationToken cancel)
    {
        try
        {
            using var request = make();
            return (await http.SendAsync(request, cancel), null);
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            return (null, e.Message);
        }
    }
}
