using System.Net;
using System.Text.Json;

namespace Recs.Host.Simulating.ClosedLoop;

/// <summary>The service has not answered for longer than the simulation waits.</summary>
internal sealed class ServiceGoneException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>An answer of the service.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">Body.</param>
/// <param name="Sequence">Log position of what was stored; 0 if nothing was.</param>
internal sealed record Answer(HttpStatusCode Status, byte[] Body, long Sequence)
{
    /// <summary>Whether the service did what it was asked.</summary>
    public bool Good => (int)Status is >= 200 and < 300;

    /// <summary>The body of a good answer.</summary>
    public T Read<T>() => JsonSerializer.Deserialize<T>(Body, JsonSerializerOptions.Web) ?? throw new InvalidDataException("The service answered null.");

    /// <summary>Why the service refused, as its problem details say.</summary>
    public string Problem
    {
        get
        {
            try
            {
                var problem = JsonDocument.Parse(Body).RootElement;
                return problem.TryGetProperty("detail", out var detail) || problem.TryGetProperty("title", out detail) ? detail.GetString() ?? "" : "";
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return ""; // not a problem document: the status has to do
            }
        }
    }
}

/// <summary>
/// Sends requests, a bounded number at once. Where the service asks to come later (429, 503) or cannot be reached, the request is sent again, after Retry-After or ever
/// longer pauses, as long as patience lasts.
/// </summary>
/// <param name="http">The service.</param>
/// <param name="patience">How long a request is tried, and how long the service may give no answer at all.</param>
/// <param name="tally">Counts what was pushed back.</param>
/// <param name="clock">Real time.</param>
internal sealed class PatientClient(HttpClient http, TimeSpan patience, Tally tally, TimeProvider clock) : IDisposable
{
    private const int AtOnce = 64;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim slots = new(AtOnce);
    private long answeredAt = clock.GetTimestamp();

    /// <summary>Sends until there is an answer.</summary>
    /// <param name="request">Makes the request; called once per attempt.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>The answer; 429 or 503 if patience ended with it while others were answered.</returns>
    /// <exception cref="ServiceGoneException">Nobody was answered for as long as patience lasts.</exception>
    public async Task<Answer> SendAsync(Func<HttpRequestMessage> request, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var (answer, later, fault) = await TryAsync(request, cancel);
            if (answer is { Status: not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) })
            {
                Interlocked.Exchange(ref answeredAt, clock.GetTimestamp());
                return answer;
            }
            var tried = clock.GetElapsedTime(began) > patience;
            if (tried && clock.GetElapsedTime(Interlocked.Read(ref answeredAt)) > patience)
                throw new ServiceGoneException($"the service at {http.BaseAddress} has given no other answer for {patience.TotalSeconds:0} s than: {fault?.Message ?? $"{(int)answer!.Status} {answer.Problem}"}", fault);
            if (tried) return answer ?? new(HttpStatusCode.ServiceUnavailable, [], 0); // others are answered, this one is not
            tally.PushedBack();
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
