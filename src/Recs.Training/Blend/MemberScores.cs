using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Blend;

/// <summary>
/// What the members say about one person, in memory that one thread reuses. It remembers whom it was asked about last: a slate is explained movie by movie, and every one of them
/// needs all scores of its person.
/// </summary>
internal sealed class MemberScores
{
    private readonly MemberAnswer[] _answers;
    private readonly double[] _sums;
    private bool _asked;
    private int[] _movies = [];
    private byte[] _halfStars = [];
    private int _length;
    private Demographics _demographics;

    /// <summary>Makes room.</summary>
    /// <param name="members">Whom to ask.</param>
    /// <param name="movies">Movies of the blend.</param>
    public MemberScores(IEnumerable<OpenedMember> members, int movies) => (_answers, _sums) = ([.. members.Select(member => new MemberAnswer(member))], new double[movies]);

    /// <summary>What each member said.</summary>
    public ReadOnlySpan<MemberAnswer> Answers => _answers;

    /// <summary>Room for a number per movie.</summary>
    public Span<double> Sums => _sums;

    /// <summary>Asks all members about a person, unless it is the one of the last time, with the same history.</summary>
    public void Ask(in UserState user)
    {
        if (_asked && IsTheSame(user))
            return;
        _asked = false; // what is there is half of this and half of that until the end
        foreach (var answer in _answers)
            answer.Ask(user);
        Remember(user);
        _asked = true;
    }

    private bool IsTheSame(in UserState user)
    {
        if (!user.Movies.SequenceEqual(_movies.AsSpan(0, _length)) || user.Demographics != _demographics)
            return false;
        for (var place = 0; place < _length; place++)
            if (user.HalfStarsAt(place) != _halfStars[place])
                return false;
        return true;
    }

    private void Remember(in UserState user)
    {
        (_length, _demographics) = (user.Movies.Length, user.Demographics);
        if (_movies.Length < _length)
            (_movies, _halfStars) = (new int[2 * _length], new byte[2 * _length]);
        user.Movies.CopyTo(_movies);
        for (var place = 0; place < _length; place++)
            _halfStars[place] = user.HalfStarsAt(place);
    }
}
