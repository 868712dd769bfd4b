using JWT.Algorithms;

namespace Recs.Host.Securing.Tokens;

/// <summary>The secret of HS256 tokens, read again when its file changes: a mounted secret is rotated by writing it anew. A file that is gone is no key.</summary>
internal sealed class SecretKeys : ITokenKeys
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly string path;
    private readonly TimeProvider clock;
    private readonly Lock gate = new();
    private State state;
    private long lookedAt;

    private sealed record State(int Generation, TokenKey? Key, string? Trouble, DateTime Written);

    /// <summary>Reads the file, if it is there.</summary>
    public SecretKeys(string path, TimeProvider clock)
    {
        (this.path, this.clock) = (path, clock);
        lookedAt = clock.GetTimestamp();
        state = Read(0);
    }

    /// <inheritdoc/>
    public int Generation => Current().Generation;

    /// <inheritdoc/>
    public string? Trouble => Current().Trouble;

    /// <inheritdoc/>
    public bool Any => Current().Key is not null;

    /// <inheritdoc/>
    public string Description => $"HS256 with the secret in {path}";

    /// <inheritdoc/>
    public ValueTask<TokenKey?> FindAsync(string algorithm, string? id, CancellationToken cancel)
        => ValueTask.FromResult(Current().Key is { } key && algorithm == key.Algorithm.Name ? key : null);

    /// <inheritdoc/>
    public void Dispose() { } // holds nothing open

    private State Current()
    {
        // While there is no key every look is worth its price: who has just made the first token uses it at once.
        if (state.Key is not null && clock.GetElapsedTime(Volatile.Read(ref lookedAt)) < Look)
            return state;
        lock (gate)
        {
            Volatile.Write(ref lookedAt, clock.GetTimestamp());
            return File.GetLastWriteTimeUtc(path) == state.Written ? state : state = Read(state.Generation + 1);
        }
    }

    private State Read(int generation)
    {
        var written = File.GetLastWriteTimeUtc(path); // before the bytes: what is written in between is seen next time
        try
        {
            return File.Exists(path)
                ? new(generation, new TokenKey(null, new HMACSHA256Algorithm(), SecretFile.Read(path)), null, written)
                : new(generation, null, null, written);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new(generation, null, e.Message, written);
        }
    }
}
