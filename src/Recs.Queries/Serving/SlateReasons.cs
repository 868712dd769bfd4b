using Recs.Projections.UserHistory;
using Recs.Queries.Catalogue;

namespace Recs.Queries.Serving;

/// <summary>
/// Writes why a movie is in a slate: the movies of the history that carried its score, those with the greatest share first. A share is the part of all that spoke for
/// the movie: <c>max(s, 0) / sum of max(s, 0)</c> over the history, where s is what the score would lack without the movie
/// (<see cref="Training.Scoring.IScorer.Explain"/>); what spoke against it has no share. Where the history did not shape the scores the fallback is named instead. Reused by one thread.
/// </summary>
internal sealed class SlateReasons
{
    /// <summary>Most reasons of a movie.</summary>
    public const int Most = 5;

    /// <summary>A share below it would be shown as 0, which is no reason.</summary>
    private const double LeastShown = 0.00005;

    private readonly int[] _places = new int[Most];
    private readonly float[] _best = new float[Most];
    private float[] _shares = [];

    /// <summary>Adds the reasons of an item as a JSON array.</summary>
    public void Write(Utf8Text text, in ServedSlate served, Slate slate, int item)
    {
        text.Add("["u8);
        if (slate.Fallback is { } fallback)
            WriteFallback(text, fallback, served.Rules.Genre);
        else
            WriteShares(text, served, slate, slate.Items[item]);
        text.Add("]"u8);
    }

    private static void WriteFallback(Utf8Text text, string fallback, string? genre)
    {
        text.Add("{\"kind\":\""u8).Add(genre is null ? fallback : "genre").Add("\""u8);
        if (genre is not null)
            text.Add(",\"genre\":"u8).AddJson(genre);
        text.Add(",\"share\":1}"u8);
    }

    private void WriteShares(Utf8Text text, in ServedSlate served, Slate slate, int movie)
    {
        var (count, sum) = Find(served, slate, movie);
        for (var i = 0; i < count && (i == 0 || _best[i] / sum >= LeastShown); i++)
        {
            var entry = served.Ground.User.NewestOf(slate.HistoryPlaces[_places[i]]);
            var seen = served.Ground.Catalogue.Find(served.Ground.User.Movies[slate.HistoryPlaces[_places[i]]]) ?? Movie.Unknown(entry.MovieId);
            text.Add(i == 0 ? "{"u8 : ",{"u8).Add("\"kind\":"u8).Add(entry.Kind == HistoryKind.Rated ? "\"rated\","u8 : "\"watched\","u8).Add(seen.JsonName.Span);
            if (entry.Kind == HistoryKind.Rated)
                text.Add(",\"rating\":"u8).AddRounded(entry.Value, 3);
            text.Add(",\"at\":\""u8).AddMoment(DateTimeOffset.FromUnixTimeMilliseconds(entry.LastAt)).Add("\",\"share\":"u8).AddRounded(_best[i] / sum, 4).Add("}"u8);
        }
    }

    /// <summary>Finds the greatest shares; equal ones by the more recent movie. The sum goes from the most recent movie to the oldest.</summary>
    private (int Count, double Sum) Find(in ServedSlate served, Slate slate, int movie)
    {
        if (_shares.Length < slate.History.Length)
            _shares = new float[slate.History.Length * 2];
        var shares = _shares.AsSpan(0, slate.History.Length);
        served.Ground.Model.Scorer.Explain(slate.UserOf(served.Ground.User), movie, shares);
        var (count, sum) = (0, 0.0);
        for (var place = shares.Length - 1; place >= 0; place--)
        {
            if (!(shares[place] > 0))
                continue;
            sum += shares[place];
            if (count == Most && shares[place] <= _best[Most - 1])
                continue;
            var rank = count < Most ? count++ : Most - 1;
            for (; rank > 0 && shares[place] > _best[rank - 1]; rank--)
                (_best[rank], _places[rank]) = (_best[rank - 1], _places[rank - 1]);
            (_best[rank], _places[rank]) = (shares[place], place);
        }
        return (count, sum);
    }
}
