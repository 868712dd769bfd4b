using JWT.Algorithms;

namespace Recs.Host.Securing.Tokens;

/// <summary>A key that tokens are checked with, bound to the one algorithm of its kind: a public key never serves as a secret.</summary>
/// <param name="Id">The <c>kid</c> that tokens name it by; null if it has none.</param>
/// <param name="Algorithm">HS256, RS256 or ES256, implemented.</param>
/// <param name="Secret">Bytes of an HS256 secret. Of a public key one byte that nothing reads: the library takes no empty one.</param>
internal sealed record TokenKey(string? Id, IJwtAlgorithm Algorithm, byte[] Secret)
{
    /// <summary>A public key.</summary>
    public static TokenKey Public(string? id, IAsymmetricAlgorithm algorithm) => new(id, algorithm, [0]);
}

/// <summary>Where keys come from.</summary>
internal interface ITokenKeys : IDisposable
{
    /// <summary>Another number whenever keys came or went, so that what was verified before must be verified again. Asking keeps the keys fresh.</summary>
    int Generation { get; }

    /// <summary>What is wrong with the keys, for <c>/readyz</c>; null if nothing is.</summary>
    string? Trouble { get; }

    /// <summary>Whether there is a key to check a token with.</summary>
    bool Any { get; }

    /// <summary>One line that says where the keys are from; never a key.</summary>
    string Description { get; }

    /// <summary>Finds the key of an algorithm and id; null if there is none.</summary>
    ValueTask<TokenKey?> FindAsync(string algorithm, string? id, CancellationToken cancel);
}
