using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.People;

namespace Recs.Training.NeuralCf;

/// <summary>A movie scores the product of its factors and the person's, what the units add, and its bias.</summary>
/// <param name="isa">Instruction set.</param>
/// <param name="model">Model.</param>
internal sealed unsafe class NeuralCfReader(Isa isa, NeuralCfModel model) : TowerReader(isa, model.Recency, model.Groups, model.Parameters)
{
    private readonly NeuralCfNetwork _network = model.Network;

    /// <inheritdoc />
    protected override void Score(Tape tape, PersonBatch person, float* scores)
    {
        var movies = _network.Offered.On(tape);
        var panel = tape.Arena.Take<float>(movies.Bias.Columns);
        var numbers = _network.Of(tape, person);
        new Span<float>(movies.Bias.Value, movies.Bias.Columns).CopyTo(new(panel, movies.Bias.Columns));
        LaneKernels.Run(tape.Isa, new Products(numbers.Factors.Value, movies.Factors, panel));
        PairUnits.Add(tape.Isa, numbers.Units.Value, movies, panel);
        new Span<float>(panel, movies.Factors.Rows).CopyTo(new(scores, movies.Factors.Rows));
    }

    /// <inheritdoc />
    protected override void Score(Tape tape, PersonBatch people, int movie, float* scores)
    {
        var movies = _network.Offered.On(tape);
        var numbers = _network.Of(tape, people);
        var panel = tape.Arena.Take<float>(movies.Bias.Columns);
        for (var person = 0; person < numbers.Factors.Rows; person++)
        {
            new Span<float>(panel, movies.Bias.Columns).Clear();
            PairUnits.Add(tape.Isa, numbers.Units.Value + ((nint)person * numbers.Units.Columns), movies, panel);
            scores[person] = panel[movie] + movies.Bias.Value[movie];
            LaneKernels.Run(tape.Isa, new Products(numbers.Factors.Value + ((nint)person * numbers.Factors.Columns), movies.Factors.Part(movie, 1), scores + person));
        }
    }

    /// <summary>to[i] = to[i] + vector rows[i].</summary>
    private readonly struct Products(float* vector, Node rows, float* to) : ILaneKernel
    {
        private readonly float* _vector = vector, _to = to;
        private readonly Node _rows = rows;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            for (var row = 0; row < _rows.Rows; row++)
                _to[row] += FactorRows<TLanes>.Dot(_vector, _rows.Value + ((nint)row * _rows.Columns), _rows.Columns);
        }
    }
}
