using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Recs.Contracts;
using Recs.Contracts.Recommendations;
using Recs.EventStore.Projecting;
using Recs.EventStore.Reading;
using Recs.Projections;
using Recs.Projections.UserHistory;

namespace Recs.Queries.Replaying;

/// <summary>A slate and the history that it says it was made from.</summary>
/// <param name="Slate">As recorded.</param>
/// <param name="History">The person's stream through the recorded version.</param>
/// <param name="Damage">What could not be read of it; null if all could.</param>
/// <param name="Erased">The person was erased, at whatever time.</param>
internal sealed record FoldedSlate(RecommendationServed Slate, UserHistoryState History, string? Damage, bool Erased);

/// <summary>
/// Folds people's streams and keeps, for each slate of a person, the state at its version: one fold a person, however many slates. A person is handed on once
/// their stream has ended, because an erasure at its end concerns them all.
/// </summary>
/// <param name="byStream">Slates by the stream of their person; whoever was folded is taken out.</param>
/// <param name="ids">Strings of the ids that events name.</param>
/// <param name="folded">Where the people go.</param>
internal sealed class HistoryFold(Dictionary<string, List<RecommendationServed>> byStream, IdPool ids, ChannelWriter<IReadOnlyList<FoldedSlate>> folded) : IStreamFold
{
    private static readonly byte[] ErasedAlias = Encoding.UTF8.GetBytes(EventAliases.UserErased);
    private readonly List<IReadOnlyList<FoldedSlate>> _ended = [];
    private byte[] _stream = [];
    private List<RecommendationServed> _slates = [];
    private List<FoldedSlate> _kept = [];
    private UserHistoryState _state = UserHistoryState.Empty;
    private string? _damage;
    private bool _erased;

    /// <summary>The slates of people whom the log does not know.</summary>
    public static IReadOnlyList<FoldedSlate> Unknown(IEnumerable<RecommendationServed> slates) => [.. slates.Select(s => new FoldedSlate(s, UserHistoryState.Empty, null, false))];

    /// <inheritdoc/>
    public void Apply(in RawEvent e)
    {
        if (!e.StreamId.SequenceEqual(_stream))
            Begin(e.StreamId);
        while (_kept.Count < _slates.Count && _slates[_kept.Count].UserVersion < e.Version)
            Keep();
        _erased |= e.Type.SequenceEqual(ErasedAlias);
        if (_damage is not null || _kept.Count == _slates.Count)
            return; // nothing further can change what is kept, but for an erasure
        try
        {
            _state = _state.Apply(e, ids);
        }
        catch (Exception broken) when (broken is FormatException or JsonException)
        {
            _damage = $"event {e.Sequence} ({Encoding.UTF8.GetString(e.Type)}, version {e.Version} of '{Encoding.UTF8.GetString(e.StreamId)}') cannot be read: {broken.Message}";
        }
    }

    /// <inheritdoc/>
    public async ValueTask SettleAsync(CancellationToken cancel)
    {
        foreach (var person in _ended)
            await folded.WriteAsync(person, cancel);
        _ended.Clear();
    }

    /// <summary>Hands on the last person; call it once the reading has ended.</summary>
    public async ValueTask EndAsync(CancellationToken cancel)
    {
        End();
        await SettleAsync(cancel);
    }

    private void Begin(ReadOnlySpan<byte> stream)
    {
        End();
        _stream = stream.ToArray();
        var id = Encoding.UTF8.GetString(stream);
        if (!byStream.Remove(id, out var slates))
            throw new InvalidDataException($"The stream '{id}' came in two parts.");
        slates.Sort((a, b) => a.UserVersion.CompareTo(b.UserVersion));
        (_slates, _kept, _state, _damage, _erased) = (slates, new(slates.Count), UserHistoryState.Empty, null, false);
    }

    private void End()
    {
        while (_kept.Count < _slates.Count)
            Keep();
        if (_kept.Count > 0)
            _ended.Add(_erased ? [.. _kept.Select(s => s with { Erased = true })] : _kept);
        (_slates, _kept) = ([], []);
    }

    private void Keep() => _kept.Add(new(_slates[_kept.Count], _state, _damage, false));
}
