using System.Net;
using Recs.Host.CommandLine;

namespace Recs.Host.Simulating;

/// <summary>
/// Sends requests, a bounded number at once. Where the service asks to come later (429, 502, 503, 504) or cannot be reached, the request is sent again, after Retry-After or ever
/// longer pauses, as long as patience lasts.
/// </summary>
/// <param name="http">The service.</param>
/// <param name="patience">How long a request is tried, and how long the service may give no answer at all.</param>
/// <param name="clock">Real time.</param>
/// <param name="pushedBack">Told of every request that is to be sent again; null for nobody.</param>
internal sealed class PatientClient(HttpClient http, TimeSpan patience, TimeProvider clock, Action? pushedBack = null) : IDisposable
{
    private const int AtOnce = 64;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim slots = new(AtOnce);
    private long answeredAt = clock.GetTimestamp();

    /// <summary>Sends until there is an answer.</summary>
    /// <param name="request">Makes the request; called once per attempt.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>The answer; one that asks to come later if patience ended with it while others were answered.</returns>
    /// <exception cref="UnavailableException">Nobody was answered for as long as patience lasts.</exception>
    public async Task<Answer> SendAsync(Func<HttpRequestMessage> request, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var (answer, later, fault) = await TryAsync(request, cancel);
            if (answer is { Status: not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout) })
            {
                Interlocked.Exchange(ref answeredAt, clock.GetTimestamp());
                return answer;
            }
            var tried = clock.GetElapsedTime(began) > patience;
            if (tried && clock.GetElapsedTime(Interlocked.Read(ref answeredAt)) > patience)
                throw new UnavailableException($"the service at {http.BaseAddress} has given no other answer for {patience.TotalSeconds:0} s than: {fault?.Message ?? $"{(int)answer!.Status} {answer.Problem}"}", fault);
            if (tried) return answer ?? new(HttpStatusCode.ServiceUnavailable, [], 0); // others are answered, this one is not
            pushedBack?.Invoke();
            await Task.Delay(later is { } asked && asked < patience ? asked : pause, clock, cancel);
        }
    }

    private async Task<(Answer? Answer, TimeSpan? Later, Exception? Fault)> TryAsync(Func<HttpRequestMessage> request, CancellationToken cancel)
    {
        await slots.WaitAsync(cancel);
        try
        {
            using var message = request();
            using var response = await http.SendAsync(message, cancel);
            var sequence = response.Headers.TryGetValues("X-Recs-Sequence", out var values) && long.TryParse(values.First(), out var position) ? position : 0;
            return (new(response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancel), sequence), response.Headers.RetryAfter?.Delta, null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            return (null, null, e);
        }
        finally
        {
            slots.Release();
        }
    }

    /// <summary>Frees the slots; the caller disposes the client.</summary>
    public void Dispose() => slots.Dispose();
}
