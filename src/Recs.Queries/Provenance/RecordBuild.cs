using Recs.Contracts;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;

namespace Recs.Queries.Provenance;

/// <summary>Sees to it that the log says which code a slate's build is, before the first slate that names it.</summary>
public sealed class RecordBuild(ServingBuild build, EventAppender appender, EventTypes types, TimeProvider clock)
{
    private volatile bool _recorded;

    /// <summary>The build.</summary>
    public ServingBuild Build => build;

    /// <summary>Appends <c>build_deployed</c> unless some process of the same build has.</summary>
    /// <exception cref="AppendOutcomeUnknownException">The connection was lost; the next call tries again.</exception>
    public ValueTask EnsureAsync() => _recorded ? default : new(AppendAsync());

    private async Task AppendAsync()
    {
        var now = clock.GetUtcNow();
        try
        {
            await appender.AppendAsync(new AppendRequest(
                [new StreamAppend(StreamIds.Build(build.Id), ExpectedVersion.NewStream, [types.Encode(Guid.CreateVersion7(now), build.Deployed(now))])]));
        }
        catch (ConcurrencyException)
        {
            // the stream exists: it was told before
        }
        _recorded = true;
    }
}
