using Recs.EventStore.Projecting;

namespace Recs.EventStore.Checking;

/// <summary>A projection's tables hold what a fresh fold of the log gives.</summary>
internal sealed class ReadModelInvariant(ProjectionRebuild rebuild, IProjection projection) : IInvariant
{
    public string Name => $"read-model-equals-fold:{projection.Name}";

    public async Task<Invariant> CheckAsync(CancellationToken cancel = default)
        => await rebuild.VerifyAsync(projection, cancel) is { } difference
            ? new(Name, false, $"{difference}. Rebuild {projection.Name}.")
            : new(Name, true, $"{string.Join(", ", projection.Tables)}: row by row equal to a fresh fold");
}
