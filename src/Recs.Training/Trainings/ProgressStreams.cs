namespace Recs.Training.Trainings;

/// <summary>Counts the open progress streams of this process, so that nobody keeps it busy with them.</summary>
public sealed class ProgressStreams
{
    /// <summary>Streams that one subject may have open.</summary>
    public const int MostPerSubject = 16;

    /// <summary>Streams that this process has open at most.</summary>
    public const int Most = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _bySubject = new(StringComparer.Ordinal);
    private int _open;

    /// <summary>Takes a place.</summary>
    /// <param name="subject">Who follows.</param>
    /// <returns>Gives the place back when disposed; null if there is none left.</returns>
    public IDisposable? TryOpen(string subject)
    {
        lock (_gate)
        {
            var own = _bySubject.GetValueOrDefault(subject);
            if (_open >= Most || own >= MostPerSubject)
                return null;
            _bySubject[subject] = own + 1;
            _open++;
            return new Place(this, subject);
        }
    }

    private void Close(string subject)
    {
        lock (_gate)
        {
            _open--;
            if (--_bySubject[subject] == 0)
                _bySubject.Remove(subject);
        }
    }

    private sealed class Place(ProgressStreams streams, string subject) : IDisposable
    {
        private bool _closed;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _closed, true))
                streams.Close(subject);
        }
    }
}
