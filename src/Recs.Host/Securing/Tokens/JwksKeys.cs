namespace Recs.Host.Securing.Tokens;

/// <summary>
/// Public keys from a JWKS address. They are fetched again when they are old, and when a token names a key that is not among them (an issuer that rotates its
/// keys), though not more often than <see cref="Floor"/>. A key that is no longer published is no longer valid. While fetching fails the old ones hold for a
/// bounded time.
/// </summary>
internal sealed class JwksKeys : ITokenKeys
{
    /// <summary>Least time between two fetches, whatever tokens come.</summary>
    public static readonly TimeSpan Floor = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Uri address;
    private readonly HttpClient http;
    private readonly SecurityOptions options;
    private readonly SemaphoreSlim fetching = new(1, 1);
    private readonly CancellationTokenSource stop = new();
    private volatile State state;
    private int refreshing;

    /// <summary>
    /// The keys that were fetched last. Times are the clock's timestamps; 0 attempts: nothing was fetched yet. Each fetch adds 2 to the generation; 1 more stands
    /// for the same keys grown stale.
    /// </summary>
    private sealed record State(int Generation, IReadOnlyList<TokenKey> Keys, long FetchedAt, long AttemptedAt, int Attempts, string? Trouble);

    /// <summary>Begins to fetch.</summary>
    /// <param name="options">Address and ages.</param>
    /// <param name="handler">How to fetch; null for plain HTTP. Redirects are not followed: the address is the one that was configured.</param>
    public JwksKeys(SecurityOptions options, HttpMessageHandler? handler = null)
    {
        (this.options, address) = (options, options.JwksAddress!);
        http = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = Patience,
            MaxResponseContentBufferSize = 1024 * 1024,
        };
        var now = options.Clock.GetTimestamp();
        state = new(0, [], now, now, 0, null);
        Refresh();
    }

    /// <inheritdoc/>
    public int Generation => Current() is var current && IsStale(current) ? current.Generation + 1 : current.Generation;

    /// <inheritdoc/>
    public string? Trouble => Current() switch
    {
        { Attempts: 0 } => $"The token keys of {address} are not fetched yet.",
        { Trouble: { } trouble } current when current.Keys.Count == 0 || IsStale(current) => $"No token can be checked: {trouble}",
        { Trouble: { } trouble, FetchedAt: var at } => $"{trouble} The keys of {options.Clock.GetElapsedTime(at).TotalSeconds:0} s ago hold for now.",
        _ => null,
    };

    /// <inheritdoc/>
    public bool Any => Current() is { Keys.Count: > 0 } current && !IsStale(current);

    /// <inheritdoc/>
    public string Description => $"RS256 and ES256 with the keys of {address}";

    /// <inheritdoc/>
    public async ValueTask<TokenKey?> FindAsync(string algorithm, string? id, CancellationToken cancel)
    {
        var current = Current();
        if (Find(current, algorithm, id) is { } key)
            return key;
        if (current.Attempts > 0 && options.Clock.GetElapsedTime(current.AttemptedAt) < Floor)
            return null;
        await FetchAsync(current.Attempts, cancel);
        return Find(state, algorithm, id);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stop.Cancel();
        http.Dispose();
    }

    /// <summary>A token without an id fits only where there is no choice.</summary>
    private TokenKey? Find(State state, string algorithm, string? id)
    {
        if (IsStale(state))
            return null;
        TokenKey? found = null;
        foreach (var key in state.Keys)
            if (key.Algorithm.Name == algorithm && (id is null || key.Id == id))
            {
                if (found is not null)
                    return null;
                found = key;
            }
        return found;
    }

    private State Current()
    {
        var current = state;
        var (clock, due) = (options.Clock, current.Trouble is null ? options.JwksMaxAge : Floor);
        if (current.Attempts > 0 && clock.GetElapsedTime(current.AttemptedAt) >= due)
            Refresh();
        return state;
    }

    private bool IsStale(State state) => options.Clock.GetElapsedTime(state.FetchedAt) >= options.JwksMaxStale;

    /// <summary>Fetches beside the requests, which go on with the keys that are there.</summary>
    private void Refresh()
    {
        if (Interlocked.Exchange(ref refreshing, 1) == 1)
            return;
        _ = RefreshAsync(state.Attempts);
    }

    private async Task RefreshAsync(int attempts)
    {
        try
        {
            await FetchAsync(attempts, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // the service stops
        }
        finally
        {
            Volatile.Write(ref refreshing, 0);
        }
    }

    /// <summary>Fetches, unless somebody else did since <paramref name="attempts"/>.</summary>
    private async Task FetchAsync(int attempts, CancellationToken cancel)
    {
        await fetching.WaitAsync(cancel);
        try
        {
            if (state.Attempts != attempts)
                return;
            var (keys, trouble) = await AskAsync();
            var (now, old) = (options.Clock.GetTimestamp(), state);
            state = keys is null
                ? old with { AttemptedAt = now, Attempts = old.Attempts + 1, Trouble = trouble }
                : new(old.Generation + 2, keys, now, now, old.Attempts + 1, keys.Count == 0 ? $"{address} publishes no key for RS256 or ES256." : null);
        }
        finally
        {
            fetching.Release();
        }
    }

    /// <summary>Not cancelled by the request that set it off: others wait for the same answer.</summary>
    private async Task<(IReadOnlyList<TokenKey>? Keys, string? Trouble)> AskAsync()
    {
        try
        {
            using var response = await http.GetAsync(address, stop.Token);
            return response.IsSuccessStatusCode
                ? (JwksDocument.Parse(await response.Content.ReadAsByteArrayAsync(stop.Token)), null)
                : (null, $"{address} answered {(int)response.StatusCode}.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return (null, $"The token keys of {address} cannot be fetched: {e.Message}");
        }
    }
}
