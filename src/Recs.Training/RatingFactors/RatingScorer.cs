using System.Buffers;
using Recs.Training.Artifacts;
using Recs.Training.Numerics;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.RatingFactors;

/// <summary>
/// Predicts stars by offset + b(m) + b + w q(m)', the person's part solved at every call (<see cref="IPersonFit"/>), and ranks by stars that count the more, the more
/// people rated the movie (<see cref="RankingShrinkage"/>).
/// </summary>
/// <typeparam name="TLanes">The kind of lanes; no bit depends on it.</typeparam>
internal sealed unsafe class RatingScorer<TLanes> : IRatingPredictor where TLanes : struct, ILanes<TLanes>
{
    private readonly ArtifactFiles _files;
    private readonly IPersonFit _person;
    private readonly MovieSide _side;
    private readonly RatingScale _scale;
    private readonly ColdStart _coldStart;
    private readonly float[] _rankingWeight;

    /// <summary>Opens a version.</summary>
    /// <param name="files">Kept open as long as the scorer is in use.</param>
    /// <param name="personFit">Reads what the person's part is solved from, given the movies' side and the scale.</param>
    public RatingScorer(ArtifactFiles files, Func<MovieSide, RatingScale, IPersonFit> personFit)
    {
        _files = files;
        Movies = IdMap.Of(files.Ids("movies"));
        _coldStart = ColdStart.Read(files, Movies.Count);
        _rankingWeight = RankingShrinkage.Read(files, Movies.Count);
        _side = MovieSide.Read(files, Movies.Count);
        _scale = RatingScale.Read(files);
        _person = personFit(_side, _scale);
    }

    public int ScorerVersion => 1;

    public IdMap Movies { get; }

    /// <summary>A rating does; a movie that was only watched does in a model that reads whole histories.</summary>
    public bool Personalizes(in UserState user)
    {
        for (var place = 0; place < user.Movies.Length; place++)
            if (_person.ReadsWatched || user.HalfStarsAt(place) != 0)
                return true;
        return false;
    }

    public bool AnswersByGroup(in UserState user) => _coldStart.AnswersByGroup(user);

    public void Score(in UserState user, Span<float> scores)
    {
        scores = scores[..Movies.Count];
        if (!Personalizes(user))
        {
            _coldStart.Score(user, scores);
            return;
        }

        var (width, lowest) = (_side.Width, _scale.Lowest);
        var rented = ArrayPool<float>.Shared.Rent(width + 1);
        fixed (float* profile = rented, score = scores)
        {
            _person.Solve(user, profile);
            FactorRows<TLanes>.AllDots(profile, _side.Factors, width, scores.Length, score);
            for (var movie = 0; movie < scores.Length; movie++)
                score[movie] = lowest + (_rankingWeight[movie] * (Stars(movie, profile[width], score[movie]) - lowest));
        }

        ArrayPool<float>.Shared.Return(rented);
        GC.KeepAlive(_files); // the factors lie in its mapping
    }

    public void PredictRatings(in UserState user, ReadOnlySpan<int> movies, Span<float> stars)
    {
        var width = _side.Width;
        var rented = ArrayPool<float>.Shared.Rent(width + 1);
        fixed (float* profile = rented)
        {
            _person.Solve(user, profile);
            for (var i = 0; i < movies.Length; i++)
                stars[i] = _scale.Within(Stars(movies[i], profile[width], FactorRows<TLanes>.Dot(profile, _side.Row(movies[i]), width)));
        }

        ArrayPool<float>.Shared.Return(rented);
        GC.KeepAlive(_files); // the factors lie in its mapping
    }

    /// <summary>The shares are those of the stars times the movie's ranking weight; with the score of a person of mean taste, they sum to the score.</summary>
    public bool Explain(in UserState user, int movie, Span<float> shares)
    {
        shares = shares[..user.Movies.Length];
        if (!Personalizes(user))
        {
            shares.Clear();
            return false;
        }

        _person.Explain(user, movie, shares);
        foreach (ref var share in shares)
            share *= _rankingWeight[movie];
        GC.KeepAlive(_files); // the factors lie in its mapping
        return true;
    }

    public void Dispose() => _files.Dispose();

    private float Stars(int movie, float bias, float product) => _person.Offset + _side.Bias[movie] + bias + product;
}

/// <summary>Opens the models that fold in by ridge regression with the kernels of this machine.</summary>
internal static class RatingScorer
{
    /// <summary>Opens the files of a version.</summary>
    /// <param name="files">Kept open by the scorer.</param>
    /// <param name="readsHistory">Whether the model has a <see cref="HistorySide"/>.</param>
    public static IRatingPredictor Open(ArtifactFiles files, bool readsHistory) => InstructionSets.Chosen switch
    {
        Isa.Avx512 => Open<Avx512Lanes>(files, readsHistory),
        Isa.Avx2 => Open<Avx2Lanes>(files, readsHistory),
        _ => Open<PlainLanes>(files, readsHistory),
    };

    private static RatingScorer<TLanes> Open<TLanes>(ArtifactFiles files, bool readsHistory) where TLanes : struct, ILanes<TLanes>
        => new(files, (movies, scale) => new RidgeFit<TLanes>(
            movies, readsHistory ? HistorySide.Read(files, movies) : null, scale.Mean, FoldInPenalties.Read(files)));
}
