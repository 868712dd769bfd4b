using System.Buffers;
using Recs.Training.Artifacts;
using Recs.Training.Numerics;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.RatingFactors;

/// <summary>
/// Predicts stars by mean + b(m) + b + (z + p) q(m)', the person's part solved at every call (<see cref="FoldIn{TLanes}"/>), and ranks by stars that count the more,
/// the more people rated the movie (<see cref="RankingShrinkage"/>).
/// </summary>
/// <typeparam name="TLanes">The kind of lanes; no bit depends on it.</typeparam>
internal sealed unsafe class FactorScorer<TLanes> : IRatingPredictor where TLanes : struct, ILanes<TLanes>
{
    private readonly ArtifactFiles _files;
    private readonly RatingModel _model;
    private readonly float[] _popularity;
    private readonly float[] _rankingWeight;

    public FactorScorer(ArtifactFiles files, bool readsHistory)
    {
        _files = files;
        Movies = IdMap.Of(files.Ids("movies"));
        _popularity = PopularityCounts.Scores(files, Movies.Count);
        _rankingWeight = RankingShrinkage.Read(files, Movies.Count);
        var movies = MovieSide.Read(files, Movies.Count);
        _model = new(movies, readsHistory ? HistorySide.Read(files, Movies.Count, movies.Width) : null, RatingScale.Read(files), FoldInPenalties.Read(files));
    }

    public int ScorerVersion => 1;

    public IdMap Movies { get; }

    /// <summary>A rating does; a movie that was only watched does in a model that reads whole histories.</summary>
    public bool Personalizes(in UserState user)
    {
        for (var place = 0; place < user.Movies.Length; place++)
            if (_model.History is not null || user.HalfStarsAt(place) != 0)
                return true;
        return false;
    }

    public void Score(in UserState user, Span<float> scores)
    {
        scores = scores[..Movies.Count];
        if (!Personalizes(user))
        {
            _popularity.CopyTo(scores);
            return;
        }

        var (width, lowest) = (_model.Movies.Width, _model.Scale.Lowest);
        var rented = ArrayPool<float>.Shared.Rent(FoldIn<TLanes>.ProfileLength(width));
        fixed (float* profile = rented, score = scores)
        {
            FoldIn<TLanes>.Solve(_model, user, profile);
            FactorRows<TLanes>.AllDots(profile, _model.Movies.Factors, width, scores.Length, score);
            for (var movie = 0; movie < scores.Length; movie++)
                score[movie] = lowest + (_rankingWeight[movie] * (Stars(movie, profile[width], score[movie]) - lowest));
        }

        ArrayPool<float>.Shared.Return(rented);
        GC.KeepAlive(_files); // the factors lie in its mapping
    }

    public void PredictRatings(in UserState user, ReadOnlySpan<int> movies, Span<float> stars)
    {
        var width = _model.Movies.Width;
        var rented = ArrayPool<float>.Shared.Rent(FoldIn<TLanes>.ProfileLength(width));
        fixed (float* profile = rented)
        {
            FoldIn<TLanes>.Solve(_model, user, profile);
            for (var i = 0; i < movies.Length; i++)
                stars[i] = _model.Scale.Within(Stars(movies[i], profile[width], FactorRows<TLanes>.Dot(profile, _model.Movies.Row(movies[i]), width)));
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

        FoldIn<TLanes>.Explain(_model, user, movie, shares);
        foreach (ref var share in shares)
            share *= _rankingWeight[movie];
        GC.KeepAlive(_files); // the factors lie in its mapping
        return true;
    }

    public void Dispose() => _files.Dispose();

    private float Stars(int movie, float bias, float product) => _model.Scale.Mean + _model.Movies.Bias[movie] + bias + product;
}

/// <summary>Opens a model of factors with the kernels of this machine.</summary>
internal static class FactorScorer
{
    /// <summary>Opens the files of a version.</summary>
    /// <param name="files">Kept open by the scorer.</param>
    /// <param name="readsHistory">Whether the model has a <see cref="HistorySide"/>.</param>
    public static IRatingPredictor Open(ArtifactFiles files, bool readsHistory) => InstructionSets.Chosen switch
    {
        Isa.Avx512 => new FactorScorer<Avx512Lanes>(files, readsHistory),
        Isa.Avx2 => new FactorScorer<Avx2Lanes>(files, readsHistory),
        _ => new FactorScorer<PlainLanes>(files, readsHistory),
    };
}
