namespace Recs.Host.Securing.Tokens;

/// <summary>All keys of the service: those of the secret file and those of the JWKS address, apart by algorithm.</summary>
internal sealed class TokenKeys(IReadOnlyList<ITokenKeys> sources) : ITokenKeys
{
    /// <summary>The keys that the options name.</summary>
    public static TokenKeys Of(SecurityOptions options) => new(
    [
        .. options.SecretFile is { } path ? [new SecretKeys(path, options.Clock)] : Array.Empty<ITokenKeys>(),
        .. options.JwksAddress is not null ? [new JwksKeys(options)] : Array.Empty<ITokenKeys>(),
    ]);

    /// <inheritdoc/>
    public int Generation
    {
        get
        {
            var sum = 0; // each part only grows
            foreach (var source in sources)
                sum += source.Generation;
            return sum;
        }
    }

    /// <inheritdoc/>
    public string? Trouble => sources.Select(source => source.Trouble).Where(trouble => trouble is not null).ToList() is { Count: > 0 } troubles ? string.Join(" ", troubles) : null;

    /// <inheritdoc/>
    public bool Any => sources.Any(source => source.Any);

    /// <inheritdoc/>
    public string Description => string.Join("; ", sources.Select(source => source.Description));

    /// <inheritdoc/>
    public async ValueTask<TokenKey?> FindAsync(string algorithm, string? id, CancellationToken cancel)
    {
        foreach (var source in sources)
            if (await source.FindAsync(algorithm, id, cancel) is { } key)
                return key;
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var source in sources)
            source.Dispose();
    }
}
