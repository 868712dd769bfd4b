using System.Collections.Concurrent;
using Recs.Training.Artifacts;
using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.People;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.TwoTower;

/// <summary>
/// A movie scores the product of its vector and the person's. The movies' vectors are made once, when the model is opened or the catalogue has grown; a person's at every call, from
/// the history as it is then.
/// </summary>
internal sealed unsafe class TwoTowerScorer : ICatalogueScorer
{
    /// <summary>Movies of a history whose shares are told, the newest: each costs a pass of the person's tower.</summary>
    private const int MostExplained = 48;

    private readonly TwoTowerModel _model;
    private readonly TwoTowerNetwork _network;
    private readonly ColdStart _coldStart; // over the movies that the model was fitted with
    private readonly int[] _place; // of each of those in Movies
    private readonly MovieRows _rows;
    private readonly RecencyBags _recency;
    private readonly float[] _seen; // movies x width, pinned
    private readonly float[] _offered;
    private readonly ConcurrentBag<Scratch> _scratch = [];
    private readonly Isa _isa = InstructionSets.Chosen;

    private TwoTowerScorer(TwoTowerModel model, ColdStart coldStart, IdMap movies, int[] place, MovieRows rows)
    {
        (_model, _network, _coldStart, Movies, _place, _rows) = (model, new(model.Sizes), coldStart, movies, place, rows);
        _recency = new(model.Tau, model.Sizes.Means);
        (_seen, _offered) = (NewTable(), NewTable());
        using var tape = NewTape();
        var seen = _network.Movie.Seen(tape, rows);
        var offered = _network.Movie.Offered(tape, seen);
        new Span<float>(seen.Value, seen.Count).CopyTo(_seen);
        new Span<float>(offered.Value, offered.Count).CopyTo(_offered);
    }

    /// <summary>Reads an artifact. Holds no file: what it needs is copied.</summary>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public static TwoTowerScorer Read(ArtifactFiles files)
    {
        using (files)
        {
            var movies = IdMap.Of(files.Ids("movies"));
            var model = TwoTowerModel.Read(files, movies.Count);
            return new(model, ColdStart.Read(files, movies.Count), movies, [.. Enumerable.Range(0, movies.Count)], model.Rows);
        }
    }

    /// <inheritdoc />
    public int ScorerVersion => 1;

    /// <inheritdoc />
    public IdMap Movies { get; }

    /// <inheritdoc />
    public ICatalogueScorer Over(IEnumerable<CatalogueMovie> movies)
    {
        var added = movies.Where(movie => Movies.Find(movie.MovieId) < 0).DistinctBy(movie => movie.MovieId, StringComparer.Ordinal).ToDictionary(movie => movie.MovieId, StringComparer.Ordinal);
        if (added.Count == 0)
            return this;
        var all = IdMap.Of(Movies.Ids.Concat(added.Keys));
        var rows = new MovieRows(all.Count);
        foreach (var id in all.Ids)
            if (added.TryGetValue(id, out var movie))
                rows.Add(movie, _model.Features, own: -1);
            else
                rows.Add(_rows, Movies.Find(id));
        return new TwoTowerScorer(_model, _coldStart, all, [.. _place.Select(place => all.Find(Movies[place]))], rows);
    }

    /// <inheritdoc />
    public bool Personalizes(in UserState user) => !user.Movies.IsEmpty;

    /// <inheritdoc />
    public bool AnswersByGroup(in UserState user) => _coldStart.AnswersByGroup(user);

    /// <inheritdoc />
    public void Score(in UserState user, Span<float> scores)
    {
        scores = scores[..Movies.Count];
        if (!Personalizes(user))
        {
            ScoreStranger(user, scores);
            return;
        }

        var scratch = Rent();
        scratch.People.Begin(1);
        scratch.People.Add(user.Movies, user.Demographics);
        var person = _network.Person.Apply(scratch.Tape, Table(_seen), scratch.People);
        fixed (float* to = scores)
            LaneKernels.Run(_isa, new Products(person.Value, Table(_offered), to));
        Return(scratch);
    }

    /// <summary>The share of a movie is what the score would lack if it had never been seen. Those older than the newest 48 have none. The shares need not sum to the score.</summary>
    public bool Explain(in UserState user, int movie, Span<float> shares)
    {
        var history = user.Movies;
        shares = shares[..history.Length];
        shares.Clear();
        if (!Personalizes(user))
            return false;
        var count = Math.Min(history.Length, MostExplained);
        var scratch = Rent();
        scratch.Without.Begin(MostExplained + 1);
        for (var row = 0; row <= MostExplained; row++) // as many rows as always, so that nothing is allocated
            scratch.Without.Add(history, user.Demographics, leftOut: row < count ? history.Length - 1 - row : -1);
        var people = _network.Person.Apply(scratch.Tape, Table(_seen), scratch.Without);
        var scores = scratch.Tape.Result(1, Matrix.StrideFor(MostExplained + 1));
        LaneKernels.Run(_isa, new Products(Table(_offered).Value + ((nint)movie * people.Columns), people, scores.Value));
        for (var age = 0; age < count; age++)
            shares[^(age + 1)] = scores.Value[MostExplained] - scores.Value[age];
        Return(scratch);
        return true;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        while (_scratch.TryTake(out var scratch))
            scratch.Tape.Dispose();
    }

    /// <summary>A movie that came later than the model is known to nobody.</summary>
    private void ScoreStranger(in UserState user, Span<float> scores)
    {
        if (_place.Length == scores.Length)
        {
            _coldStart.Score(user, scores);
            return;
        }

        var known = System.Buffers.ArrayPool<float>.Shared.Rent(_place.Length);
        _coldStart.Score(user, known.AsSpan(0, _place.Length));
        scores.Clear();
        for (var movie = 0; movie < _place.Length; movie++)
            scores[_place[movie]] = known[movie];
        System.Buffers.ArrayPool<float>.Shared.Return(known);
    }

    private Node Table(float[] pinned) => new((float*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0), null, Movies.Count, _model.Sizes.Width);

    private float[] NewTable() => GC.AllocateUninitializedArray<float>(Math.Max(1, checked(Movies.Count * _model.Sizes.Width)), pinned: true);

    private Tape NewTape() => new(_isa, (float*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(_model.Parameters, 0));

    private Scratch Rent() => _scratch.TryTake(out var free) ? free : new(NewTape(), new(_recency, _model.Groups), new(_recency, _model.Groups));

    private void Return(Scratch scratch)
    {
        scratch.Tape.Clear();
        _scratch.Add(scratch);
    }

    private sealed record Scratch(Tape Tape, PersonBatch People, PersonBatch Without);

    private readonly struct Products(float* vector, Node rows, float* to) : ILaneKernel
    {
        private readonly float* _vector = vector, _to = to;
        private readonly Node _rows = rows;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes> => FactorRows<TLanes>.AllDots(_vector, _rows.Value, _rows.Columns, _rows.Rows, _to);
    }
}
