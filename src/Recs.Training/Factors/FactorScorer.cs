using System.Buffers;
using Recs.Training.Artifacts;
using Recs.Training.Numerics;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Factors;

/// <summary>
/// A movie scores the product of its factors and the person's, and the person's are folded in from the history at every call (<see cref="FoldIn{TLanes}"/>): a new rating
/// counts at once, and someone who was not there when the model was fitted is served like everybody else.
/// </summary>
internal sealed unsafe class FactorScorer : IScorer
{
    private readonly ArtifactFiles _files;
    private readonly HistoryWeights _weights;
    private readonly ColdStart _coldStart;
    private readonly float* _factors;
    private readonly float* _gram;
    private readonly int _width;
    private readonly float _confidence;
    private readonly float _pull;
    private readonly Isa _isa = InstructionSets.Chosen;

    /// <summary>Reads what <see cref="FactorModel.AddFactors"/> wrote.</summary>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public FactorScorer(ArtifactFiles files)
    {
        (_files, _weights) = (files, HistoryWeights.Read(files));
        Movies = IdMap.Of(files.Ids("movies"));
        _coldStart = ColdStart.Read(files, Movies.Count);
        var size = files.Section<float>(FactorModel.Gram).Length;
        _width = (int)Math.Sqrt(size);
        var rule = files.Section<float>(FactorModel.FoldIn);
        if (_width == 0 || _width * _width != size || _width % Lanes.Count != 0 || _width > SmallSystem<PlainLanes>.Largest || rule.Length != 2)
            throw new DamagedArtifactException(files.Path, $"{size} numbers of '{FactorModel.Gram}' and {rule.Length} of '{FactorModel.FoldIn}' are no rule to fold a person in");
        (_confidence, _pull) = (rule[0], rule[1]);
        _gram = (float*)files.Pointer(FactorModel.Gram, (long)size * sizeof(float));
        _factors = (float*)files.Pointer(FactorModel.Factors, (long)Movies.Count * _width * sizeof(float));
    }

    public int ScorerVersion => 1;

    public IdMap Movies { get; }

    /// <summary>True if somebody had one of the movies that count when the model was fitted: the others have no factors.</summary>
    public bool Personalizes(in UserState user)
    {
        foreach (var movie in Counting(user.Movies))
            if (_coldStart.Everybody[movie] > 0)
                return true;
        return false;
    }

    public bool AnswersByGroup(in UserState user) => _coldStart.AnswersByGroup(user);

    public void Score(in UserState user, Span<float> scores)
    {
        scores = scores[..Movies.Count];
        if (Personalizes(user))
            Answer(Counting(user.Movies), movie: -1, scores);
        else
            _coldStart.Score(user, scores);
    }

    /// <summary>
    /// With A the matrix of the fold-in, a score is the sum over the history of pull w y'A^-1 y(movie): these terms are the shares (Hu, Koren and Volinsky, 2008, section 5).
    /// They hold A as it is, though without a movie A would be another.
    /// </summary>
    public bool Explain(in UserState user, int movie, Span<float> shares)
    {
        shares = shares[..user.Movies.Length];
        shares.Clear();
        if (!Personalizes(user))
            return false;
        var counting = Counting(user.Movies);
        Answer(counting, movie, shares[^counting.Length..]);
        return true;
    }

    public void Dispose() => _files.Dispose();

    private ReadOnlySpan<int> Counting(ReadOnlySpan<int> history) => history[^Math.Min(history.Length, _weights.Window)..];

    /// <summary>Gives the scores of all movies, or the shares that the movies of the history have in one.</summary>
    private void Answer(ReadOnlySpan<int> history, int movie, Span<float> answer)
    {
        var rented = ArrayPool<float>.Shared.Rent(FoldIn<PlainLanes>.ScratchFor(_width) + (2 * history.Length));
        fixed (float* scratch = rented, target = answer)
        {
            float* confidence = scratch + FoldIn<PlainLanes>.ScratchFor(_width), pull = confidence + history.Length;
            for (var place = 0; place < history.Length; place++)
            {
                var weight = _weights[history.Length - 1 - place];
                (confidence[place], pull[place]) = (_confidence * weight, _pull * weight);
            }

            switch (_isa)
            {
                case Isa.Avx512:
                    Answer<Avx512Lanes>(history, movie, confidence, pull, scratch, target);
                    break;
                case Isa.Avx2:
                    Answer<Avx2Lanes>(history, movie, confidence, pull, scratch, target);
                    break;
                default:
                    Answer<PlainLanes>(history, movie, confidence, pull, scratch, target);
                    break;
            }
        }

        ArrayPool<float>.Shared.Return(rented);
        GC.KeepAlive(_files); // the factors lie in its mapping
    }

    private void Answer<TLanes>(ReadOnlySpan<int> history, int movie, float* confidence, float* pull, float* scratch, float* target) where TLanes : struct, ILanes<TLanes>
    {
        var fold = new FoldIn<TLanes>(_factors, _gram, _width, history, confidence, scratch);
        if (movie < 0)
        {
            FactorRows<TLanes>.AllDots(fold.Person(history, pull), _factors, _width, Movies.Count, target);
            return;
        }

        fixed (int* movies = history)
            FactorRows<TLanes>.Dots(fold.Towards(movie), _factors, _width, movies, history.Length, target);
        for (var place = 0; place < history.Length; place++)
            target[place] *= pull[place];
    }
}
