using System.Runtime.InteropServices;
using Recs.Training.Artifacts;
using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.People;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.TwoTower;

/// <summary>A movie scores the product of its vector and the person's. The movies' vectors are made once: when the model is opened, or when the catalogue has grown.</summary>
internal sealed unsafe class TwoTowerScorer : TowerScorer, ICatalogueScorer
{
    private readonly TwoTowerModel _model;
    private readonly TwoTowerNetwork _network;
    private readonly MovieRows _rows;
    private readonly float[] _seen; // movies x width, pinned
    private readonly float[] _offered;

    private TwoTowerScorer(TwoTowerModel model, IdMap movies, ColdStart coldStart, int[] place, MovieRows rows)
        : base(movies, coldStart, place, new(model.Tau, model.Sizes.Means), model.Groups, model.Parameters)
    {
        (_model, _network, _rows) = (model, new(model.Sizes), rows);
        using var tape = NewTape();
        var seen = _network.Movie.Seen(tape, rows);
        (_seen, _offered) = (Kept(seen), Kept(_network.Movie.Offered(tape, seen)));
    }

    /// <summary>Reads an artifact.</summary>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public static TwoTowerScorer Read(ArtifactFiles files)
    {
        using (files)
        {
            var movies = IdMap.Of(files.Ids("movies"));
            var model = TwoTowerModel.Read(files, movies.Count);
            return new(model, movies, ColdStart.Read(files, movies.Count), [.. Enumerable.Range(0, movies.Count)], model.Rows);
        }
    }

    /// <inheritdoc />
    public ICatalogueScorer Over(IEnumerable<CatalogueMovie> movies)
    {
        var added = movies.Where(movie => Movies.Find(movie.MovieId) < 0 && _model.Features.Describe(movie)).ToDictionary(movie => movie.MovieId, StringComparer.Ordinal);
        if (added.Count == 0)
            return this;
        var all = IdMap.Of(Movies.Ids.Concat(added.Keys));
        var rows = new MovieRows(all.Count);
        foreach (var id in all.Ids)
            if (added.TryGetValue(id, out var movie))
                rows.Add(movie, _model.Features, own: -1);
            else
                rows.Add(_rows, Movies.Find(id));
        return new TwoTowerScorer(_model, all, Strangers.Answer, [.. Strangers.Place.Select(place => all.Find(Movies[place]))], rows);
    }

    /// <inheritdoc />
    protected override void Score(Tape tape, PersonBatch person, float* scores)
        => LaneKernels.Run(Isa, new Products(_network.VectorsOf(tape, Table(_seen), person).Value, Table(_offered), scores));

    /// <inheritdoc />
    protected override void Score(Tape tape, PersonBatch people, int movie, float* scores)
        => LaneKernels.Run(Isa, new Products(Table(_offered).Part(movie, 1).Value, _network.VectorsOf(tape, Table(_seen), people), scores));

    private static float[] Kept(Node table)
    {
        var kept = GC.AllocateUninitializedArray<float>(Math.Max(1, table.Count), pinned: true);
        new Span<float>(table.Value, table.Count).CopyTo(kept);
        return kept;
    }

    private Node Table(float[] pinned) => new((float*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0), null, Movies.Count, _model.Sizes.Width);

    private readonly struct Products(float* vector, Node rows, float* to) : ILaneKernel
    {
        private readonly float* _vector = vector, _to = to;
        private readonly Node _rows = rows;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes> => FactorRows<TLanes>.AllDots(_vector, _rows.Value, _rows.Columns, _rows.Rows, _to);
    }
}
