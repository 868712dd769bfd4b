using Recs.Training.Neural;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Vae;

/// <summary>What a person is read by.</summary>
/// <param name="Scales">Weights of a history's movies.</param>
/// <param name="Genres">Genres of the catalogue.</param>
/// <param name="Groups">Groups of people.</param>
/// <param name="Known">By movie: whether anybody had it when the model was fitted. The others stand in a history, but nothing is known of them.</param>
internal sealed record PersonReading(HistoryScales Scales, MovieGenres Genres, PersonGroups Groups, bool[] Known);

/// <summary>Some people, each at one moment of their history, as the network reads them: a row each.</summary>
internal sealed class VaeInput
{
    private readonly PersonReading _reading;
    private readonly BagBuilder[] _scales;
    private readonly BagBuilder _genres;
    private readonly BagBuilder _groups;
    private readonly float[] _shares;

    /// <summary>An input without people.</summary>
    /// <param name="reading">What they are read by.</param>
    /// <param name="rows">People.</param>
    public VaeInput(PersonReading reading, int rows)
    {
        (_reading, Count) = (reading, rows);
        _scales = [.. Enumerable.Range(0, reading.Scales.Count).Select(_ => new BagBuilder(rows))];
        (_genres, _groups) = (new(rows), new(rows));
        _shares = new float[reading.Genres.Names.Count];
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
    /// <param name="left">Place of a movie in the history that is left out, its weights with it, while all others keep theirs; -1 for none.</param>
    public void Add(in UserState user, int left = -1)
    {
        var history = user.Movies;
        for (var scale = 0; scale < _scales.Length; scale++)
        {
            var window = _reading.Scales.Window(scale, history.Length);
            for (var age = 0; age < window; age++)
            {
                var place = history.Length - 1 - age;
                if (place != left && _reading.Known[history[place]])
                    _scales[scale].Add(history[place], _reading.Scales.Weight(scale, age, window));
            }

            _scales[scale].EndRow();
        }

        AddShares(history, left);
        _reading.Groups.AddTo(_groups, user.Demographics);
        _groups.EndRow();
    }

    /// <summary>Begins again with the first row.</summary>
    public void Clear()
    {
        foreach (var scale in _scales)
            scale.Clear();
        _genres.Clear();
        _groups.Clear();
    }

    private void AddShares(ReadOnlySpan<int> history, int left)
    {
        Array.Clear(_shares);
        var total = 0f;
        for (var place = 0; place < history.Length; place++)
        {
            if (place == left || !_reading.Known[history[place]])
                continue;
            foreach (var genre in _reading.Genres.Of(history[place]))
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
