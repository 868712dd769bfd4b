using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.RatingFactors;
using Recs.Training.Snapshots;

namespace Recs.Training.SvdPlusPlus;

/// <summary>
/// Gradient descent on the squared errors of mean + b(u) + b(i) + (p(u) + z(u)) q(i)', z(u) as in <see cref="HistorySide"/> (Koren, "Factorization Meets the
/// Neighborhood", 2008), batch of people by batch of people.
/// </summary>
internal sealed class JointDescent
{
    private const int Shares = HistoryBatches.Size; // of a batch's movies: as many jobs as a batch has members; changes no bit

    private readonly FitRun _run;
    private readonly HistoryBatches _batches;
    private readonly JointProblem _problem;
    private readonly double[] _errorOf;
    private readonly int[] _order;

    /// <summary>Sets a fit up.</summary>
    /// <param name="run">Threads, instruction set, cancellation.</param>
    /// <param name="problem">Data and what is learned.</param>
    /// <param name="seed">Key of the deal.</param>
    public JointDescent(FitRun run, JointProblem problem, ulong seed)
    {
        _run = run;
        _problem = problem;
        _batches = HistoryBatches.Of(problem.Histories, problem.Ratings, new(seed, RandomPurpose.Order));
        _errorOf = new double[problem.Ratings.Users];
        _order = new int[_batches.Count];
    }

    /// <summary>Walks over all batches once.</summary>
    /// <param name="step">What differs from walk to walk.</param>
    /// <param name="random">Order of the batches in this walk.</param>
    /// <returns>The sum of the squared errors, each before its own step.</returns>
    public double Walk(JointStep step, CounterRandom random)
    {
        for (var i = 0; i < _order.Length; i++)
            _order[i] = i;
        Array.Sort(Array.ConvertAll(_order, i => random.Bits((ulong)i)), _order);
        Workers.RunPhases(_run.Compute.Threads, 2 * _order.Length, Shares, (phase, job) =>
        {
            _run.Cancel.ThrowIfCancellationRequested();
            var batch = _order[phase / 2];
            switch (_run.Compute.Isa)
            {
                case Isa.Avx512:
                    Learn<Avx512Lanes>(batch, phase % 2 == 0, job, step);
                    break;
                case Isa.Avx2:
                    Learn<Avx2Lanes>(batch, phase % 2 == 0, job, step);
                    break;
                default:
                    Learn<PlainLanes>(batch, phase % 2 == 0, job, step);
                    break;
            }
        });
        return _errorOf.Sum();
    }

    private void Learn<TLanes>(int batch, bool people, int job, JointStep step) where TLanes : struct, ILanes<TLanes>
    {
        var members = _batches.Members(batch);
        if (!people)
            JointKernel<TLanes>.Movies(_problem, members, _batches.Share(batch, job, Shares), step);
        else if (job < members.Length)
            _errorOf[members[job]] = JointKernel<TLanes>.Person(_problem, members[job], job, step);
    }
}

/// <summary>What a step needs to know besides the problem.</summary>
/// <param name="Rate">Learning rate.</param>
/// <param name="History">Penalty on squared x and y, per rating of a person who has the movie.</param>
internal readonly record struct JointStep(float Rate, float History);

/// <summary>Data, factors, and what the first phase of a batch leaves for the second.</summary>
/// <param name="histories">Every person's history.</param>
/// <param name="ratings">Their ratings.</param>
/// <param name="factors">What is learned.</param>
/// <param name="penalties">What holds p, q and the biases back.</param>
internal sealed class JointProblem(Histories histories, RatingTable ratings, JointFactors factors, StepPenalties penalties)
{
    /// <summary>Every person's history.</summary>
    public Histories Histories => histories;
    /// <summary>Their ratings.</summary>
    public RatingTable Ratings => ratings;
    /// <summary>What is learned.</summary>
    public JointFactors Factors => factors;
    /// <summary>What holds p, q and the biases back.</summary>
    public StepPenalties Penalties => penalties;
    /// <summary>Per rating its error.</summary>
    public float[] Errors { get; } = new float[ratings.Count];
    /// <summary>Per rating what <see cref="HistorySide.Deviations"/> says.</summary>
    public float[] Deviations { get; } = new float[ratings.Count];
    /// <summary>Per member of the batch p + z.</summary>
    public float[] Profiles { get; } = new float[HistoryBatches.Size * factors.Width];
    /// <summary>Per member of the batch the sum of errors times q.</summary>
    public float[] Pulls { get; } = new float[HistoryBatches.Size * factors.Width];
}
