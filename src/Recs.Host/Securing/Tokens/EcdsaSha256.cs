using System.Security.Cryptography;
using JWT.Algorithms;

namespace Recs.Host.Securing.Tokens;

/// <summary>ES256 (RFC 7518, 3.4) for the token library, which has none: the framework's ECDSA over P-256 with SHA-256, signatures as r and s of 32 bytes each.</summary>
internal sealed class EcdsaSha256(ECDsa key) : IAsymmetricAlgorithm
{
    /// <inheritdoc/>
    public string Name => "ES256";

    /// <inheritdoc/>
    public byte[] Sign(byte[] unused, byte[] bytesToSign) => key.SignData(bytesToSign, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <inheritdoc/>
    public bool Verify(byte[] bytesToSign, byte[] signature)
        => key.VerifyData(bytesToSign, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
}
