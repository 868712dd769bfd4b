namespace Recs.Host.Simulating.People;

/// <summary>What is true of one film of a slate.</summary>
/// <param name="MovieId">Movie.</param>
/// <param name="Watch">Probability of being watched at its place in this slate.</param>
/// <param name="Appeal">Probability of being watched if it is looked at, wherever it stands.</param>
/// <param name="Rating">Mean of the ratings that the person could give it, stars.</param>
internal sealed record FilmTruth(string MovieId, double Watch, double Appeal, double Rating);

/// <summary>A film that the person would like best.</summary>
/// <param name="MovieId">Movie.</param>
/// <param name="Appeal">Probability of being watched if it is looked at.</param>
internal sealed record BestFilm(string MovieId, double Appeal);

/// <summary>What is expected of a slate.</summary>
/// <param name="Success">Probability that at least one of its films is watched because of it.</param>
/// <param name="Rating">Mean over its films of the expected rating, stars.</param>
internal sealed record Prospect(double Success, double Rating);

/// <summary>
/// What is true of a slate for the person that it was shown to: the yardstick of every metric and every estimate about it.
/// </summary>
/// <param name="Items">Its films, in order.</param>
/// <param name="Opened">Probability that at least one is opened.</param>
/// <param name="Served">The slate itself.</param>
/// <param name="Best">The best slate of the same length that the catalogue could give: the films of most appeal, in that order.</param>
/// <param name="Random">A slate of the same length of films drawn at random among those that the person has not seen.</param>
/// <param name="BestFilms">The 20 films of most appeal, best first, equal ones by fame.</param>
internal sealed record SlateTruth(IReadOnlyList<FilmTruth> Items, double Opened, Prospect Served, Prospect Best, Prospect Random, IReadOnlyList<BestFilm> BestFilms)
{
    private const int BestCount = 20;

    /// <summary>A film of the catalogue in the eyes of a person.</summary>
    private readonly record struct Judged(Film Film, double Liking, double Appeal)
    {
        public static Judged Of(Film film, double liking) => new(film, liking, Chances.Of(liking).Watch);
    }

    /// <summary>Judges a slate.</summary>
    /// <param name="person">Who was shown it.</param>
    /// <param name="slate">Its films.</param>
    /// <param name="mood">What held then.</param>
    /// <param name="seen">Keys of the films that the person had seen.</param>
    /// <param name="films">The catalogue.</param>
    public static SlateTruth Of(Person person, IReadOnlyList<Film> slate, Mood mood, IReadOnlySet<long> seen, FilmCatalogue films)
    {
        var attention = new Attention(person.Patience);
        Chances[] chances = [.. slate.Select(f => person.ChancesOf(f, mood, seen))];
        var looked = attention.Looked(chances);
        FilmTruth[] items = [.. slate.Select((f, i) => new FilmTruth(f.MovieId, looked[i] * chances[i].Watch, chances[i].Watch, person.ExpectedRating(f, mood)))];
        var unseen = films.ByFame.Where(f => !seen.Contains(f.Key)).Select(f => Judged.Of(f, person.Liking(f, mood))).ToList();
        var best = MostAppealing(unseen, Math.Max(BestCount, slate.Count));
        var mean = Mean(unseen.Select(u => u.Appeal));
        return new(
            items,
            attention.AnyOf(chances.Select(c => c.Open)),
            new(attention.AnyOf(items.Select(i => i.Appeal)), Mean(items.Select(i => i.Rating))),
            new(attention.AnyOf(best.Take(slate.Count).Select(b => b.Appeal)), Mean(best.Take(slate.Count).Select(b => person.ExpectedRating(b.Liking)))),
            new(attention.AnyOf(Enumerable.Repeat(mean, slate.Count)), Mean(unseen.Select(u => person.ExpectedRating(u.Liking)))),
            [.. best.Take(BestCount).Select(b => new BestFilm(b.Film.MovieId, b.Appeal))]);
    }

    /// <summary>The first of a stable sort by appeal, found without sorting the catalogue.</summary>
    private static List<Judged> MostAppealing(List<Judged> judged, int count)
    {
        var kept = new PriorityQueue<(Judged Film, int Rank), (double Appeal, int Worse)>();
        for (var rank = 0; rank < judged.Count; rank++)
            if (kept.Count < count) kept.Enqueue((judged[rank], rank), (judged[rank].Appeal, -rank));
            else kept.EnqueueDequeue((judged[rank], rank), (judged[rank].Appeal, -rank));
        return [.. kept.UnorderedItems.Select(k => k.Element).OrderByDescending(k => k.Film.Appeal).ThenBy(k => k.Rank).Select(k => k.Film)];
    }

    private static double Mean(IEnumerable<double> values) => values.DefaultIfEmpty(0).Average();
}
