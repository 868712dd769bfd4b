using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.People;

namespace Recs.Training.TwoTower;

/// <summary>A movie scores the product of its vector and the person's.</summary>
/// <param name="isa">Instruction set.</param>
/// <param name="model">Model.</param>
/// <param name="movies">Vectors of the movies.</param>
internal sealed unsafe class TwoTowerReader(Isa isa, TwoTowerModel model, MovieVectors movies) : TowerReader(isa, model.Recency, model.Groups, model.Parameters)
{
    /// <inheritdoc />
    protected override void Score(Tape tape, PersonBatch person, float* scores)
    {
        LaneKernels.Run(tape.Isa, new Products(model.Network.VectorsOf(tape, movies.Seen.Rows, person).Value, movies.Offered.Rows, scores));
        GC.KeepAlive(movies);
    }

    /// <inheritdoc />
    protected override void Score(Tape tape, PersonBatch people, int movie, float* scores)
    {
        LaneKernels.Run(tape.Isa, new Products(movies.Offered.Rows.Part(movie, 1).Value, model.Network.VectorsOf(tape, movies.Seen.Rows, people), scores));
        GC.KeepAlive(movies);
    }

    private readonly struct Products(float* vector, Node rows, float* to) : ILaneKernel
    {
        private readonly float* _vector = vector, _to = to;
        private readonly Node _rows = rows;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes> => FactorRows<TLanes>.AllDots(_vector, _rows.Value, _rows.Columns, _rows.Rows, _to);
    }
}
