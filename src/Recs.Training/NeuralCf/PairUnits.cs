using System.Runtime.CompilerServices;
using Recs.Training.Neural;
using Recs.Training.Numerics;

namespace Recs.Training.NeuralCf;

/// <summary>
/// Units that see a person and a movie: unit k adds weight[k] max(0, c[k] + a[k, m])², where c is what it sees of the person and a of the movie (a layer of a perceptron over both
/// embeddings put together is such a sum; He et al., 2017). The square, as in So et al., "Primer", 2021, makes the slope 2 weight max(0, c + a), without a case.
/// </summary>
internal static unsafe class PairUnits
{
    /// <summary>scores[m] = scores[m] + what the units say of a person and movie m.</summary>
    /// <param name="isa">Instruction set.</param>
    /// <param name="person">c.</param>
    /// <param name="movies">a, weights.</param>
    /// <param name="scores">One per column of a.</param>
    public static void Add(Isa isa, float* person, PairMovies movies, float* scores) => LaneKernels.Run(isa, new Forward(person, movies.Units, movies.Weights, scores));

    /// <summary>Adds the gradients of c, a and weights, given that of the scores.</summary>
    public static void Learn(Isa isa, Node people, int person, PairMovies movies, float* slopes)
        => LaneKernels.Run(isa, new Backward(people.Value + ((nint)person * people.Columns), people.Gradient + ((nint)person * people.Columns), movies.Units, movies.Weights, slopes));

    private readonly struct Forward(float* person, Node units, Node weights, float* scores) : ILaneKernel
    {
        private readonly float* _person = person, _scores = scores;
        private readonly Node _units = units, _weights = weights;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            for (var movie = 0; movie < _units.Columns; movie += Lanes.Count)
            {
                var sum = TLanes.Load(_scores + movie);
                for (var k = 0; k < _units.Rows; k++)
                {
                    var z = Rectify(TLanes.Load(_units.Value + ((nint)k * _units.Columns) + movie), TLanes.All(_person[k]));
                    sum = TLanes.MultiplyAdd(TLanes.All(_weights.Value[k]), TLanes.Multiply(z, z), sum);
                }

                TLanes.Store(sum, _scores + movie);
            }
        }
    }

    private readonly struct Backward(float* person, float* gradient, Node units, Node weights, float* slopes) : ILaneKernel
    {
        private readonly float* _person = person, _gradient = gradient, _slopes = slopes;
        private readonly Node _units = units, _weights = weights;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            for (var k = 0; k < _units.Rows; k++)
            {
                float* a = _units.Value + ((nint)k * _units.Columns), da = _units.Gradient + ((nint)k * _units.Columns);
                TLanes c = TLanes.All(_person[k]), twice = TLanes.All(2 * _weights.Value[k]), dc = TLanes.Zero, dw = TLanes.Zero;
                for (var movie = 0; movie < _units.Columns; movie += Lanes.Count)
                {
                    TLanes z = Rectify(TLanes.Load(a + movie), c), along = TLanes.Multiply(TLanes.Load(_slopes + movie), z);
                    dw = TLanes.MultiplyAdd(along, z, dw);
                    along = TLanes.Multiply(along, twice);
                    dc = TLanes.Add(dc, along);
                    TLanes.Store(TLanes.Add(TLanes.Load(da + movie), along), da + movie);
                }

                _gradient[k] += TLanes.Sum(dc);
                _weights.Gradient[k] += TLanes.Sum(dw);
            }
        }
    }

    /// <summary>max(0, a + c). The sum with 0 turns a negative zero into a positive one, of which every kind of lanes has the same maximum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Rectify<TLanes>(TLanes a, TLanes c) where TLanes : struct, ILanes<TLanes> => TLanes.Max(TLanes.Add(TLanes.Add(a, c), TLanes.Zero), TLanes.Zero);
}
