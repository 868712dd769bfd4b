using System.Runtime.CompilerServices;
using Npgsql;
using Recs.EventStore.Evolving;
using Recs.EventStore.Projecting;

namespace Recs.EventStore.Checking;

/// <summary>The invariants of the log and of the read models, one after the other, and those that other rooms add.</summary>
/// <param name="source">Database.</param>
/// <param name="options">Store.</param>
/// <param name="types">Registered aliases.</param>
/// <param name="projections">Each is compared with a fresh fold.</param>
/// <param name="more">Further invariants (of artifacts, of slates), checked last.</param>
public sealed class LogInvariants(
    NpgsqlDataSource source, EventStoreOptions options, EventTypes types, IReadOnlyList<IProjection> projections, IReadOnlyList<IInvariant>? more = null)
{
    /// <summary>Checks each; a violation does not keep the next from being checked. An invariant that cannot be checked has not held.</summary>
    public async IAsyncEnumerable<Invariant> RunAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        foreach (var invariant in All()) yield return await CheckAsync(invariant, cancel);
    }

    private List<IInvariant> All()
    {
        var rebuild = new ProjectionRebuild(source, options, types);
        return
        [
            .. StreamInvariants.Of(source, options.Schema), new KnownTypesInvariant(source, options, types), .. FollowingInvariants.Of(source, options),
            .. projections.Select(p => new ReadModelInvariant(rebuild, p)), .. more ?? [],
        ];
    }

    private static async Task<Invariant> CheckAsync(IInvariant invariant, CancellationToken cancel)
    {
        try
        {
            return await invariant.CheckAsync(cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException && !Following.Outage.Is(e))
        {
            return new(invariant.Name, false, $"could not be checked: {e.GetType().Name}: {e.Message}");
        }
    }
}
