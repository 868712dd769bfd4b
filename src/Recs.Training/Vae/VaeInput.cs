using Recs.Training.Neural;
using Recs.Training.Scoring;

namespace Recs.Training.Vae;

/// <summary>Some people, each at one moment of their history, as the network reads them: a row each.</summary>
internal sealed class VaeInput
{
    private readonly PersonReading _reading;
    private readonly BagEntries[] _scales;
    private readonly BagEntries _genres = new();
    private readonly BagEntries _groups = new();
    private readonly float[] _shares;

    /// <summary>An input without people.</summary>
    /// <param name="reading">What they are read by.</param>
    /// <param name="rows">People.</param>
    public VaeInput(PersonReading reading, int rows)
    {
        (_reading, Count) = (reading, rows);
        _scales = [.. Enumerable.Range(0, reading.Scales.Count).Select(_ => new BagEntries())];
        _shares = new float[reading.Genres.Count];
        Clear();
    }

    /// <summary>People.</summary>
    public int Count { get; }
    /// <summary>Shares of the genres in the history, together 1; empty if no movie of it has a genre.</summary>
    public BagRows Genres => _genres.Rows;
    /// <summary>Groups of the person.</summary>
    public BagRows Groups => _groups.Rows;

    /// <summary>Movies of the history with their weights in a bag.</summary>
    public BagRows Movies(int scale) => _scales[scale].Rows;

    /// <summary>Adds a person.</summary>
    /// <param name="user">What is known.</param>
    /// <param name="hidden">Movies that are passed over, while all others keep their ages.</param>
    public void Add(in UserState user, HiddenMovies hidden = default)
    {
        var history = user.Movies;
        for (var scale = 0; scale < _scales.Length; scale++)
        {
            var window = _reading.Scales.Window(scale, history.Length);
            for (var age = 0; age < window; age++)
            {
                var movie = history[^(age + 1)];
                if (_reading.Known[movie] && !hidden.Hides(age))
                    _scales[scale].Add(movie, _reading.Scales.Weight(scale, age, window) * hidden.Scale);
            }

            _scales[scale].EndRow();
        }

        AddShares(history, hidden);
        _reading.Groups.AddTo(_groups, user.Demographics);
        _groups.EndRow();
    }

    /// <summary>Begins again with the first row.</summary>
    public void Clear()
    {
        foreach (var scale in _scales)
            scale.Begin(Count);
        _genres.Begin(Count);
        _groups.Begin(Count);
    }

    private void AddShares(ReadOnlySpan<int> history, HiddenMovies hidden)
    {
        Array.Clear(_shares);
        var total = 0f;
        for (var age = 0; age < history.Length; age++)
        {
            if (!_reading.Known[history[^(age + 1)]] || hidden.Hides(age))
                continue;
            foreach (var genre in _reading.Genres.Of(history[^(age + 1)]))
            {
                _shares[genre]++;
                total++;
            }
        }

        for (var genre = 0; genre < _shares.Length; genre++)
            if (_shares[genre] > 0)
                _genres.Add(genre, _shares[genre] / total);
        _genres.EndRow();
    }
}
