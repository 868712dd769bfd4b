using Recs.Training.Neural;
using Recs.Training.Numerics;

namespace Recs.Benchmarks.Training.Steps;

/// <summary>
/// The matrix products of a part of a step, done alone: by the same kernels, in the same shapes, as often and in the same order as in the step, the way there first and then the way back, and
/// nothing between them. Packing a factor is part of its product.
/// </summary>
internal sealed unsafe class StepProducts : IDisposable
{
    private const int RowsAtATime = 32; // of attention's blocks
    private readonly Tape _tape;
    private readonly List<Action> _there = [];
    private readonly List<Action> _back = [];
    private ulong _drawn;

    /// <summary>No products yet.</summary>
    /// <param name="isa">Instruction set.</param>
    public StepProducts(Isa isa) => _tape = new(isa, null);

    /// <summary>Multiplications and additions that count: of attention the half that lies in the past.</summary>
    public double Operations { get; private set; }

    /// <summary>A layer: its result, and the gradients of its weights and of its input.</summary>
    public void AddDense(int rows, int from, int to)
    {
        MatrixView x = Numbers(rows, from), weights = Numbers(from, to), y = Numbers(rows, to);
        MatrixView xSlopes = Numbers(rows, from), weightSlopes = Numbers(from, to), ySlopes = Numbers(rows, to);
        _there.Add(() => _tape.AddProduct(x, weights, y));
        _back.Add(() =>
        {
            _tape.AddProduct(x.Transposed, ySlopes, weightSlopes);
            _tape.AddProduct(ySlopes, weights.Transposed, xSlopes);
        });
        Operations += 6.0 * rows * from * to;
    }

    /// <summary>Attention in one sequence.</summary>
    public void AddAttention(int length, int width, int heads)
    {
        MatrixView qkv = Numbers(length, 3 * width), slopes = Numbers(length, 3 * width), y = Numbers(length, width), ySlopes = Numbers(length, width);
        for (var head = 0; head < heads; head++)
        {
            MatrixView weights = Numbers(length, length), kept = Numbers(length, length), weightSlopes = Numbers(length, length);
            MatrixView q = Head(qkv, 0, head), k = Head(qkv, width, head), v = Head(qkv, 2 * width, head), to = Head(y, 0, head);
            MatrixView dq = Head(slopes, 0, head), dk = Head(slopes, width, head), dv = Head(slopes, 2 * width, head), dy = Head(ySlopes, 0, head);
            _there.Add(() => InBlocks((row, rows, until) => _tape.AddProduct(Rows(q, row, rows), Rows(k, 0, until).Transposed, weights.Block(row, 0, rows, until))));
            _there.Add(() => InBlocks((row, rows, until) => _tape.AddProduct(kept.Block(row, 0, rows, until), Rows(v, 0, until), Rows(to, row, rows))));
            _back.Add(() =>
            {
                InBlocks((row, rows, until) =>
                {
                    _tape.AddProduct(Rows(dy, row, rows), Rows(v, 0, until).Transposed, weightSlopes.Block(row, 0, rows, until));
                    _tape.AddProduct(kept.Block(row, 0, rows, until).Transposed, Rows(dy, row, rows), Rows(dv, 0, until));
                });
                InBlocks((row, rows, until) =>
                {
                    _tape.AddProduct(weightSlopes.Block(row, 0, rows, until), Rows(k, 0, until), Rows(dq, row, rows));
                    _tape.AddProduct(weightSlopes.Block(row, 0, rows, until).Transposed, Rows(q, row, rows), Rows(dk, 0, until));
                });
            });
        }

        Operations += 6.0 * length * (length + 1) * width;

        MatrixView Head(MatrixView all, int column, int head) => all.Block(0, column + (head * (width / heads)), length, width / heads);
        static MatrixView Rows(MatrixView all, int row, int rows) => all.Block(row, 0, rows, all.Columns);
        void InBlocks(Action<int, int, int> product)
        {
            for (var row = 0; row < length; row += RowsAtATime)
                product(row, Math.Min(RowsAtATime, length - row), Math.Min(row + RowsAtATime, length));
        }
    }

    /// <summary>The loss over the whole catalogue: scores, gradients of the rows and gradients of the table.</summary>
    public void AddCatalogue(int rows, int width, int movies)
    {
        MatrixView hidden = Numbers(rows, width), table = Numbers(movies + MatrixProduct.LargestTile, width), tableSlopes = Numbers(movies + MatrixProduct.LargestTile, width);
        switch (_tape.Isa)
        {
            case Isa.Avx512:
                var wide = new PanelProducts<Avx512Tile>(_tape.Arena, hidden, table, tableSlopes, movies);
                _there.Add(wide.Run);
                break;
            case Isa.Avx2:
                var narrow = new PanelProducts<Avx2Tile>(_tape.Arena, hidden, table, tableSlopes, movies);
                _there.Add(narrow.Run);
                break;
            default:
                var plain = new PanelProducts<PlainPanelTile>(_tape.Arena, hidden, table, tableSlopes, movies);
                _there.Add(plain.Run);
                break;
        }

        Operations += 6.0 * rows * movies * width;
    }

    /// <summary>Does them all.</summary>
    public void Run()
    {
        foreach (var product in _there)
            product();
        for (var product = _back.Count - 1; product >= 0; product--)
            _back[product]();
    }

    /// <inheritdoc />
    public void Dispose() => _tape.Dispose();

    /// <summary>A matrix of small numbers, so that no sum grows past all numbers however often it is added to.</summary>
    private MatrixView Numbers(int rows, int columns)
    {
        var (stride, random) = (Matrix.StrideFor(columns), new CounterRandom(1, 1));
        var numbers = _tape.Arena.Take<float>((long)rows * stride);
        for (var i = 0; i < rows * stride; i++)
            numbers[i] = (random.Below(2001, _drawn++) - 1000) / 1e6f;
        return new(numbers, rows, columns, stride, 1);
    }
}
