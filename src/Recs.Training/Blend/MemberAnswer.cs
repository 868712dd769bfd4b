using System.Runtime.InteropServices;
using Recs.Training.Scoring;

namespace Recs.Training.Blend;

/// <summary>What one member says about one person, in memory that one thread reuses.</summary>
/// <param name="member">The member.</param>
internal sealed class MemberAnswer(OpenedMember member)
{
    private readonly float[] _scores = new float[member.Scorer.Movies.Count];
    private readonly float[] _fitted = new float[member.Widened?.Fitted.Length ?? 0];
    private readonly List<int> _movies = [];
    private readonly List<byte> _halfStars = [];
    private readonly List<int> _places = [];
    private readonly List<int> _fittedMovies = [];
    private float[] _shares = [];
    private bool _knows;

    /// <summary>Where its scores lie, of the movies that it was fitted with: a movie that came later changes no other movie's score.</summary>
    public ScoreSpread Spread { get; private set; }

    /// <summary>Whether the member knows anything of a person.</summary>
    /// <param name="user">In the movies of the blend.</param>
    public bool Personalizes(in UserState user) => member.Scorer.Personalizes(member.Widened is { } widened ? Translated(user, widened) : user);

    /// <summary>Asks the member.</summary>
    /// <param name="user">In the movies of the blend.</param>
    public void Ask(in UserState user)
    {
        if (member.Widened is not { } widened)
        {
            _knows = true;
            member.Scorer.Score(user, _scores);
            Spread = ScoreSpread.Of(_scores, user.Movies);
            return;
        }

        var translated = Translated(user, widened);
        if (!(_knows = member.Scorer.Personalizes(translated)))
            return; // a history of movies that it does not know is none to it, and what is popular is not what the blend asks it for
        member.Scorer.Score(translated, _scores);
        for (var movie = 0; movie < _fitted.Length; movie++)
            _fitted[movie] = _scores[widened.Fitted[movie]];
        _fittedMovies.Clear();
        foreach (var movie in _movies)
            if (widened.FittedOf[movie] is >= 0 and var fitted)
                _fittedMovies.Add(fitted);
        Spread = ScoreSpread.Of(_fitted, CollectionsMarshal.AsSpan(_fittedMovies));
    }

    /// <summary>Adds what the member adds for each movie, less what it would for a score of 0; nothing for a movie that it does not know.</summary>
    /// <param name="sums">One per movie of the blend.</param>
    public void AddTo(Span<double> sums)
    {
        if (!_knows)
            return;
        var nothing = member.Weight.At(Spread.Standard(0));
        if (member.Widened is not { } widened)
            for (var movie = 0; movie < _scores.Length; movie++)
                sums[movie] += member.Weight.At(Spread.Standard(_scores[movie])) - nothing;
        else
            for (var movie = 0; movie < _scores.Length; movie++)
                sums[widened.InBlend[movie]] += member.Weight.At(Spread.Standard(_scores[movie])) - nothing;
    }

    /// <summary>Adds each share of the member in a movie, times what so much of its score is worth to the blend.</summary>
    /// <param name="user">The person that it was asked about last, in the movies of the blend.</param>
    /// <param name="movie">Movie of the blend.</param>
    /// <param name="shares">One per movie of the history.</param>
    public void AddShares(in UserState user, int movie, Span<float> shares)
    {
        if (_shares.Length < shares.Length)
            _shares = new float[2 * shares.Length];
        if (member.Widened is not { } widened)
        {
            var own = _shares.AsSpan(0, shares.Length);
            if (!member.Scorer.Explain(user, movie, own))
                return;
            var worth = Worth(_scores[movie], own);
            for (var place = 0; place < shares.Length; place++)
                shares[place] += (float)(worth * own[place]);
        }
        else if (_knows && widened.OfBlend(movie) is >= 0 and var ownMovie)
        {
            var translated = Translated(user, widened);
            var own = _shares.AsSpan(0, _movies.Count);
            if (!member.Scorer.Explain(translated, ownMovie, own))
                return;
            var worth = Worth(_scores[ownMovie], own);
            for (var place = 0; place < own.Length; place++)
                shares[_places[place]] += (float)(worth * own[place]);
        }
    }

    private double Worth(double score, ReadOnlySpan<float> own)
    {
        var total = 0.0;
        foreach (var share in own)
            total += share;
        return total == 0
            ? member.Weight.SlopeAt(Spread.Standard(score)) * Spread.PerDeviation
            : (member.Weight.At(Spread.Standard(score)) - member.Weight.At(Spread.Standard(score - total))) / total;
    }

    /// <summary>The person in the member's movies, without those that it does not know.</summary>
    private UserState Translated(in UserState user, WidenedMovies widened)
    {
        _movies.Clear();
        _halfStars.Clear();
        _places.Clear();
        for (var place = 0; place < user.Movies.Length; place++)
            if (widened.OfBlend(user.Movies[place]) is >= 0 and var movie)
            {
                _movies.Add(movie);
                _halfStars.Add(user.HalfStarsAt(place));
                _places.Add(place);
            }

        return new(CollectionsMarshal.AsSpan(_movies), CollectionsMarshal.AsSpan(_halfStars), user.Demographics);
    }
}
