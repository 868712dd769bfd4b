using System.Buffers;
using Recs.Training.Artifacts;
using Recs.Training.Neural;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.TwoTower;

/// <summary>Scores movies by their features, so that a movie that came after the training can be scored, too. It holds no file: the parameters were copied when it was opened.</summary>
internal sealed class TwoTowerScorer : NetworkScorer, ICatalogueScorer
{
    private readonly TwoTowerModel _model;
    private readonly MovieRows _rows;
    private readonly int[] _place; // where each movie that the model was fitted with stands among those that are scored
    private readonly MovieVectors _vectors;

    private TwoTowerScorer(TwoTowerModel model, IdMap movies, MovieRows rows, ColdStart coldStart, int[] place) : base(movies, coldStart)
        => (_model, _rows, _place, _vectors) = (model, rows, place, new(Isa, model, rows));

    /// <summary>Reads an artifact.</summary>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public static TwoTowerScorer Read(ArtifactFiles files)
    {
        using (files)
        {
            var movies = IdMap.Of(files.Ids("movies"));
            var model = TwoTowerModel.Read(files, movies.Count);
            return new(model, movies, model.Rows, ColdStart.Read(files, movies.Count), [.. Enumerable.Range(0, movies.Count)]);
        }
    }

    /// <summary>Adds the movies that the model does not know and of which the catalogue says something that it does.</summary>
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
        return new TwoTowerScorer(_model, all, rows, ColdStart, [.. _place.Select(place => all.Find(Movies[place]))]);
    }

    /// <inheritdoc />
    public override bool Personalizes(in UserState user) => !user.Movies.IsEmpty;

    /// <inheritdoc />
    protected override IHistoryReader NewReader() => new TwoTowerReader(Isa, _model, _vectors);

    /// <summary>A movie that came later than the model is popular with nobody.</summary>
    protected override void ScoreStranger(in UserState user, Span<float> scores)
    {
        var known = ArrayPool<float>.Shared.Rent(_place.Length);
        ColdStart.Score(user, known.AsSpan(0, _place.Length));
        scores.Clear();
        for (var movie = 0; movie < _place.Length; movie++)
            scores[_place[movie]] = known[movie];
        ArrayPool<float>.Shared.Return(known);
    }
}
