using Microsoft.Extensions.Logging;
using Recs.Contracts;
using Recs.EventStore;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;
using Recs.Projections;
using Recs.Projections.UserHistory;
using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Queries.UserStates;

namespace Recs.Queries.Serving;

/// <summary>
/// Gathers what a slate is found from, as of one log position: the newest that this node has read, or one of the past. Both give the same at the same position,
/// on every node.
/// </summary>
public sealed class SlateGrounds(
    LogFollower follower, OpenModels models, UserStateCache users, EventReader reader, EventTypes types, MovieNumbers numbers, IdPool ids,
    ILogger<SlateGrounds> log)
{
    private const int Attempts = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>The ground of now; null if <paramref name="model"/> is null and none is in production, or there is none of that name.</summary>
    /// <param name="userId">Whose history.</param>
    /// <param name="model">Model name or version; null for the champion.</param>
    /// <param name="trusted">Whether the caller may have any version opened.</param>
    /// <param name="cancel">Stops waiting.</param>
    internal async ValueTask<SlateGround?> NowAsync(string userId, string? model, bool trusted, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var view = follower.View; // before the history: facts reach the cache first, so the history is at least as new
            if (ModelOf(view, model, trusted) is not { } live)
                return null;
            var user = await users.GetAsync(userId, cancel);
            if (user.State.Sequence <= view.Through)
                return new(live.Over(view.Catalogue), view.Catalogue, user, view.Through);
            await follower.WaitForAsync(user.State.Sequence, Patience, cancel); // the history was ahead of the rest; in a moment it will not be
        }
        var last = follower.View;
        return ModelOf(last, model, trusted) is { } answering ? new(answering.Over(last.Catalogue), last.Catalogue, await UserAsOfAsync(userId, last.Through, cancel), last.Through) : null;
    }

    /// <summary>The ground as of a position that this node has read; null if no model was in production there, or there is none of that name.</summary>
    /// <param name="userId">Whose history.</param>
    /// <param name="model">Model name as it stood then, or any version; null for what was in production then.</param>
    /// <param name="sequence">The position.</param>
    /// <param name="trusted">Whether the caller may have any version opened.</param>
    /// <param name="cancel">Stops reading.</param>
    internal async ValueTask<SlateGround?> AsOfAsync(string userId, string? model, long sequence, bool trusted, CancellationToken cancel)
    {
        var now = follower.View.Registry;
        var then = (await RegistryAsOfAsync(now.ModelNames, sequence, cancel)).Find(model);
        var manifest = then ?? (model is not null && now.Find(model) is { } newer && newer.Version == model ? newer : null);
        if (manifest is null)
            return null;
        var catalogue = follower.Catalogue.AsOf(sequence);
        var live = (model is null ? models.Get(manifest) : models.GetFor(manifest, now, trusted)).Over(catalogue);
        return new(live, catalogue, await UserAsOfAsync(userId, sequence, cancel), sequence);
    }

    /// <summary>The same ground with only what happened before a time, whenever it was recorded.</summary>
    internal SlateGround HappenedBefore(SlateGround ground, DateTimeOffset time)
        => ground with { User = KnownUser.HappenedBefore(ground.User.State, numbers, time) };

    private LiveModel? ModelOf(NodeView view, string? name, bool trusted)
        => name is null ? view.Champion : view.Registry.Find(name) is { } manifest ? models.GetFor(manifest, view.Registry, trusted) : null;

    private async Task<KnownUser> UserAsOfAsync(string userId, long sequence, CancellationToken cancel)
    {
        var now = await users.GetAsync(userId, cancel);
        if (now.State.Sequence <= sequence || now.State.Erased) // an erased person has no past
            return now;
        var state = UserHistoryState.Empty;
        await foreach (var e in reader.ReadStreamAsync(StreamIds.User(userId), cancel: cancel))
        {
            if (e.Sequence > sequence)
                break;
            state = state.Apply(e, ids);
        }
        return KnownUser.Of(state, numbers);
    }

    private async Task<RegistryState> RegistryAsOfAsync(IReadOnlyList<string> modelNames, long sequence, CancellationToken cancel)
    {
        List<RecordedEvent> events = [];
        await foreach (var e in reader.ReadStreamsAsync([.. modelNames.Select(StreamIds.Model)], cancel))
            if (e.Sequence <= sequence && RegistryState.Types.Contains(e.Type))
                events.Add(e);
        var then = RegistryState.Empty;
        foreach (var e in events.OrderBy(e => e.Sequence))
            try
            {
                then = then.With(types.Decode(e));
            }
            catch (Exception broken) when (UnreadableEvents.AreLeftOutFor(broken))
            {
                log.LogWarning(broken, "Event {Sequence} of the registry cannot be read; the follower leaves it out as well.", e.Sequence);
            }
        return then;
    }
}
