using System.Buffers;
using Recs.Training.Artifacts;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.UserKnn;

/// <summary>
/// A movie scores the sum of the similarities of the neighbours who have it, from the nearest to the farthest; one that none of them has stands behind by popularity
/// (<see cref="PopularTail"/>). The work of one list is at most window x people additions for the search and neighbours x their movies for the votes.
/// </summary>
internal sealed class UserKnnScorer : IScorer
{
    private readonly NearestPeople _people;
    private readonly int _neighbours;
    private readonly ColdStart _coldStart;

    public UserKnnScorer(ArtifactFiles files)
    {
        using (files)
        {
            Movies = IdMap.Of(files.Ids("movies"));
            _coldStart = ColdStart.Read(files, Movies.Count);
            if (files.Section<float>("search") is not [var neighbours, var shrinkage, var window])
                throw new DamagedArtifactException(files.Path, "section 'search' does not hold neighbours, shrinkage and window");
            _neighbours = (int)neighbours;
            _people = new(KeptHistories.Read(files, Movies.Count), HistoryWeights.Read(files), (int)window, shrinkage);
        }
    }

    public int ScorerVersion => 1;

    public IdMap Movies { get; }

    public bool Personalizes(in UserState user)
    {
        var places = RentPlaces(user.Movies);
        var any = _people.Any(user.Movies, places);
        ArrayPool<int>.Shared.Return(places);
        return any;
    }

    public bool AnswersByGroup(in UserState user) => _coldStart.AnswersByGroup(user);

    public void Score(in UserState user, Span<float> scores)
    {
        scores = scores[..Movies.Count];
        scores.Clear();
        var places = RentPlaces(user.Movies);
        var (people, similarity) = (ArrayPool<int>.Shared.Rent(_neighbours), ArrayPool<float>.Shared.Rent(_neighbours));
        var found = Search(user.Movies, places, people, similarity);
        for (var neighbour = 0; neighbour < found; neighbour++)
            foreach (var movie in _people.Kept.Of(people[neighbour]))
                scores[movie] += similarity[neighbour];
        ArrayPool<float>.Shared.Return(similarity);
        ArrayPool<int>.Shared.Return(people);
        ArrayPool<int>.Shared.Return(places);
        if (found == 0)
            _coldStart.Score(user, scores);
        else
            PopularTail.Fill(scores, _coldStart.Everybody);
    }

    /// <summary>
    /// A neighbour's similarity is a sum over the movies shared with them, so the share of a movie of the history is its part in the similarities of those neighbours who have
    /// both. Who the neighbours are, and how far their cosines are shrunk, is taken as given. The shares sum to the score up to rounding.
    /// </summary>
    public bool Explain(in UserState user, int movie, Span<float> shares)
    {
        var history = user.Movies;
        shares = shares[..history.Length];
        shares.Clear();
        var places = RentPlaces(history);
        var (people, similarity) = (ArrayPool<int>.Shared.Rent(_neighbours), ArrayPool<float>.Shared.Rent(_neighbours));
        var found = Search(history, places, people, similarity);
        var having = _people.Kept.PeopleWith(movie);
        for (var neighbour = 0; neighbour < found; neighbour++)
            if (having.BinarySearch(people[neighbour]) >= 0)
                Attribute(_people.Kept.Of(people[neighbour]), similarity[neighbour], history, places, shares);
        ArrayPool<float>.Shared.Return(similarity);
        ArrayPool<int>.Shared.Return(people);
        ArrayPool<int>.Shared.Return(places);
        return found > 0;
    }

    public void Dispose()
    {
        // Holds no file: the histories were copied when it was opened.
    }

    private int Search(ReadOnlySpan<int> history, ReadOnlySpan<int> places, int[] people, float[] similarity)
    {
        if (history.IsEmpty)
            return 0;
        var overlap = ArrayPool<float>.Shared.Rent(_people.Kept.People);
        var found = _people.Find(history, places, overlap, people.AsSpan(0, _neighbours), similarity);
        ArrayPool<float>.Shared.Return(overlap);
        return found;
    }

    private void Attribute(ReadOnlySpan<int> theirs, float similarity, ReadOnlySpan<int> history, ReadOnlySpan<int> places, Span<float> shares)
    {
        var oldest = history.Length - _people.Counting(history);
        var shared = 0f;
        foreach (var movie in theirs)
            if (places[movie] > oldest)
                shared += _people.Weight(history.Length - places[movie]);
        foreach (var movie in theirs)
            if (places[movie] > oldest)
                shares[places[movie] - 1] += similarity * (_people.Weight(history.Length - places[movie]) / shared);
    }

    /// <summary>Per movie its place in the history, from 1, or 0.</summary>
    private int[] RentPlaces(ReadOnlySpan<int> history)
    {
        var places = ArrayPool<int>.Shared.Rent(Movies.Count);
        places.AsSpan(0, Movies.Count).Clear();
        for (var place = 0; place < history.Length; place++)
            places[history[place]] = place + 1;
        return places;
    }
}
