using Recs.Training.Neural;
using Recs.Training.Numerics;

namespace Recs.Training.NeuralCf;

/// <summary>
/// Softmax cross-entropy over the whole catalogue, where a score is a product of factors, what the units add (<see cref="PairUnits"/>), and a bias. The scores of some people at a time are
/// made, turned into the loss's slopes in place, and taken back through both ways; they are never all there at once.
/// </summary>
internal static unsafe class PairLoss
{
    private const int PeopleAtATime = 64;
    private const float NoMovie = -1e30f; // the score of a column behind the last movie: its share rounds to nothing

    /// <summary>Computes the loss and, on a tape that learns, adds its gradients at once to those of its arguments.</summary>
    /// <param name="tape">Tape.</param>
    /// <param name="people">People.</param>
    /// <param name="movies">Movies.</param>
    /// <param name="next">What each should have told.</param>
    /// <returns>The loss.</returns>
    public static double Apply(Tape tape, PairPeople people, PairMovies movies, Targets next)
    {
        var panel = tape.Arena.Take<float>((long)PeopleAtATime * movies.Bias.Columns);
        var loss = 0.0;
        for (var first = 0; first < people.Factors.Rows; first += PeopleAtATime)
        {
            var count = Math.Min(PeopleAtATime, people.Factors.Rows - first);
            Scores(tape, new(people.Factors.Part(first, count), people.Units.Part(first, count)), movies, panel);
            for (var person = 0; person < count; person++)
                loss += Slopes(tape.Isa, panel + ((nint)person * movies.Bias.Columns), movies.Bias.Columns, next, first + person);
            if (tape.Learns)
                Learn(tape, new(people.Factors.Part(first, count), people.Units.Part(first, count)), movies, panel);
        }

        return loss;
    }

    /// <summary>The scores of all movies for some people.</summary>
    /// <param name="tape">Tape.</param>
    /// <param name="people">People.</param>
    /// <param name="movies">Movies.</param>
    /// <param name="panel">Receives a row per person, rounded up to 16 columns; those behind the last movie are far below any score.</param>
    public static void Scores(Tape tape, PairPeople people, PairMovies movies, float* panel)
    {
        var (count, columns) = (movies.Factors.Rows, movies.Bias.Columns);
        for (var person = 0; person < people.Factors.Rows; person++)
            new Span<float>(movies.Bias.Value, columns).CopyTo(new(panel + ((nint)person * columns), columns));
        tape.AddProduct(people.Factors.Values, movies.Factors.Values.Transposed, new(panel, people.Factors.Rows, count, columns, 1));
        for (var person = 0; person < people.Factors.Rows; person++)
        {
            var row = panel + ((nint)person * columns);
            PairUnits.Add(tape.Isa, people.Units.Value + ((nint)person * people.Units.Columns), movies, row);
            new Span<float>(row + count, columns - count).Fill(NoMovie);
        }
    }

    private static void Learn(Tape tape, PairPeople people, PairMovies movies, float* panel)
    {
        var columns = movies.Bias.Columns;
        var slopes = new MatrixView(panel, people.Factors.Rows, movies.Factors.Rows, columns, 1);
        tape.AddProduct(slopes, movies.Factors.Values, people.Factors.Gradients);
        tape.AddProduct(slopes.Transposed, people.Factors.Values, movies.Factors.Gradients);
        LaneKernels.Run(tape.Isa, new SumRows(panel, people.Factors.Rows, columns, movies.Bias.Gradient));
        for (var person = 0; person < people.Factors.Rows; person++)
            PairUnits.Learn(tape.Isa, people.Units, person, movies, panel + ((nint)person * columns));
    }

    /// <summary>Turns a person's scores into the slopes of the loss: share of the softmax less what should have been.</summary>
    private static double Slopes(Isa isa, float* scores, int columns, Targets next, int person)
    {
        double loss = 0, weight = 0;
        for (var entry = next.Start[person]; entry < next.Start[person + 1]; entry++)
        {
            loss -= next.Weight[entry] * (double)scores[next.Movie[entry]];
            weight += next.Weight[entry];
        }

        double top, sum;
        var totals = stackalloc float[2];
        LaneKernels.Run(isa, new Exponentials(scores, columns, totals));
        (top, sum) = (totals[0], totals[1]);
        loss += weight * (top + DeterministicMath.Log(sum));
        LaneKernels.Run(isa, new Scale(scores, columns, (float)(weight / sum)));
        for (var entry = next.Start[person]; entry < next.Start[person + 1]; entry++)
            scores[next.Movie[entry]] -= next.Weight[entry];
        return loss;
    }

    /// <summary>Scores become exp(score - greatest); totals receives the greatest and the sum.</summary>
    private readonly struct Exponentials(float* scores, int columns, float* totals) : ILaneKernel
    {
        private readonly float* _scores = scores, _totals = totals;
        private readonly int _columns = columns;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            var most = TLanes.Load(_scores);
            for (var i = Lanes.Count; i < _columns; i += Lanes.Count)
                most = TLanes.Max(most, TLanes.Load(_scores + i));
            var top = TLanes.All(_totals[0] = TLanes.Greatest(most));
            var sum = TLanes.Zero;
            for (var i = 0; i < _columns; i += Lanes.Count)
            {
                var e = LaneMath<TLanes>.Exp(TLanes.Subtract(TLanes.Load(_scores + i), top));
                sum = TLanes.Add(sum, e);
                TLanes.Store(e, _scores + i);
            }

            _totals[1] = TLanes.Sum(sum);
        }
    }

    private readonly struct Scale(float* numbers, int count, float by) : ILaneKernel
    {
        private readonly float* _numbers = numbers;
        private readonly int _count = count;
        private readonly float _by = by;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            for (var i = 0; i < _count; i += Lanes.Count)
                TLanes.Store(TLanes.Multiply(TLanes.Load(_numbers + i), TLanes.All(_by)), _numbers + i);
        }
    }
}
