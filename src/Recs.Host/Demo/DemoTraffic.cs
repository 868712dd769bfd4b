using System.Globalization;
using System.Text.Json;
using Recs.Queries.Serving;

namespace Recs.Host.Demo;

/// <summary>
/// People who ask the running service over HTTP, and watch and rate some of what they get. Deterministic, but for the ids that the service gives. Nobody is really there, so
/// their slates are of channel simulated and never count as live.
/// </summary>
internal sealed class DemoTraffic(HttpClient http, IReadOnlyList<string> users, TimeProvider clock)
{
    private const int K = 20, AtOnce = 16;
    private readonly Dictionary<string, SlateAnswer> _last = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Slates that were served to this traffic.</summary>
    public int Served { get; private set; }

    /// <summary>Ratings and watches that this traffic sent.</summary>
    public int Facts { get; private set; }

    /// <summary>The last slate of each person.</summary>
    public IReadOnlyDictionary<string, SlateAnswer> Last => _last;

    /// <summary>Asks <paramref name="count"/> times, people in turn; after every fourth slate the person watches or rates one of its movies.</summary>
    public async Task RunAsync(int count, IProgress<(long Done, long Total)> progress, CancellationToken cancel)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (i, stop) =>
        {
            var user = users[i % users.Count];
            var slate = await AskAsync(user, 0, stop);
            if (i % 4 == 3 && slate.Items.Count > 0)
                await ReactAsync(user, slate.Items[i / 4 % slate.Items.Count].MovieId, i, stop);
            if (Served % 100 == 0)
                progress.Report((Served, count));
        });
        progress.Report((count, count));
    }

    /// <summary>Asks for one slate.</summary>
    public async Task<SlateAnswer> AskAsync(string user, long minSequence, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/recommend/{Uri.EscapeDataString(user)}?k={K}&minSequence={minSequence}") { Headers = { { "X-Recs-Channel", "simulated" } } };
        using var response = await http.SendAsync(request, cancel);
        await EnsureAsync(response, cancel);
        var slate = (await response.Content.ReadFromJsonAsync<SlateAnswer>(JsonSerializerOptions.Web, cancel))!;
        lock (_gate)
        {
            Served++;
            _last[user] = slate;
        }
        return slate;
    }

    /// <summary>Rates a movie; returns the log position.</summary>
    public Task<long> RateAsync(string user, string movie, double rating, CancellationToken cancel)
        => SendAsync("/ratings", new { userId = user, movieId = movie, rating, at = clock.GetUtcNow() }, cancel);

    private Task<long> ReactAsync(string user, string movie, int i, CancellationToken cancel) => i % 8 == 3
        ? RateAsync(user, movie, 3 + (i / 8 % 5 * 0.5), cancel)
        : SendAsync("/watches", new { userId = user, movieId = movie, minute = i % 90, at = clock.GetUtcNow() }, cancel);

    private async Task<long> SendAsync(string route, object body, CancellationToken cancel)
    {
        using var response = await http.PostAsJsonAsync(route, body, cancel);
        await EnsureAsync(response, cancel);
        lock (_gate)
            Facts++;
        return long.Parse(response.Headers.GetValues("X-Recs-Sequence").First(), CultureInfo.InvariantCulture);
    }

    private static async Task EnsureAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"{response.RequestMessage!.RequestUri} answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancel)}");
    }
}
