using System.Net;

namespace Recs.Host.Tests.Securing;

/// <summary>An issuer's JWKS address.</summary>
internal sealed class StubIssuer(byte[]? keys) : HttpMessageHandler
{
    private int asked;

    /// <summary>What it answers; null: nobody is there.</summary>
    public byte[]? Keys { get; set; } = keys;

    /// <summary>How often it was asked.</summary>
    public int Asked => Volatile.Read(ref asked);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref asked);
        await Task.Yield();
        return Keys is { } keys ? new(HttpStatusCode.OK) { Content = new ByteArrayContent(keys) } : throw new HttpRequestException("nobody is there");
    }
}
