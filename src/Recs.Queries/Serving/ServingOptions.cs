using Recs.Training.Reranking;

namespace Recs.Queries.Serving;

/// <summary>How this node serves.</summary>
public sealed record ServingOptions
{
    /// <summary>Append every slate to the log before it is acknowledged. Off only for measuring.</summary>
    public bool Record { get; init; } = true;

    /// <summary>What chooses the slates of those who ask for no other; null for the order of the scores.</summary>
    public RerankChoice? Rerank { get; init; }

    /// <summary>Bytes that cached histories may take.</summary>
    public long UserStateBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>The service lives in a simulated time: whatever channel is asked for, its slates are of channel <c>simulated</c>.</summary>
    public bool SimulatedTime { get; init; }

    /// <summary>Writes without a token, and channels other than live: only for a demo bound to loopback.</summary>
    public bool Demo { get; init; }

    /// <summary>Position that a late reader may lag behind the log before the node says that it is not ready.</summary>
    public long LagBound { get; init; } = 10_000;
}
