using Recs.Commands.Simulating;

namespace Recs.Host.Simulating.People;

/// <summary>Which list of a visit a person looks at; each has random numbers of its own.</summary>
internal enum Shown
{
    /// <summary>The slate that was recommended.</summary>
    Slate,
    /// <summary>What is popular.</summary>
    Popular,
    /// <summary>What a search found.</summary>
    Search,
}

/// <summary>How a person goes looking for films by themselves.</summary>
/// <param name="Where"><see cref="Shown.Popular"/> or <see cref="Shown.Search"/>.</param>
/// <param name="Wanted">The film that they search for; null where they look at what is popular.</param>
internal sealed record Quest(Shown Where, Film? Wanted);

/// <summary>
/// A simulated person. All that they do is a function of the seed, their number, the visit and what they were shown: no clock, no state but the films that they have
/// seen, which is handed in.
/// </summary>
internal sealed class Person
{
    private const int MostPlaces = 1 << 10, Kinds = 4, Candidates = 12;
    private static readonly TimeSpan LookAt = TimeSpan.FromSeconds(2), ReadAbout = TimeSpan.FromSeconds(5), Minute = TimeSpan.FromMinutes(1), Pause = TimeSpan.FromSeconds(20);

    private readonly CounterRandom random;
    private readonly FilmCatalogue films;
    private readonly Attention attention;
    private readonly double mildness, talkative, curious;
    private Taste taste;

    /// <summary>Makes the person of a number.</summary>
    /// <param name="random">The simulation's randomness.</param>
    /// <param name="number">Number, from 0.</param>
    /// <param name="films">The catalogue.</param>
    /// <param name="finds">In which share of their visits people look for films by themselves, on average; each person in between none and twice as many.</param>
    public Person(CounterRandom random, int number, FilmCatalogue films, double finds)
    {
        (this.random, this.films, Number) = (random, films, number);
        attention = new(0.75 + 0.2 * Character(0));
        mildness = 0.4 * random.Bell(Purpose.Opinion, number);
        talkative = 0.1 + 0.5 * Character(1);
        curious = 2 * finds * Character(2);
        taste = new(random, number, epoch: 0);
    }

    /// <summary>Number of the person, from 0.</summary>
    public int Number { get; }

    /// <summary>Probability of going on down a list.</summary>
    public double Patience => attention.Patience;

    /// <summary>The taste in a mood of the world.</summary>
    public Taste TasteIn(Mood mood) => taste = taste.Epoch == mood.Epoch ? taste : new(random, Number, mood.Epoch);

    /// <summary>How much the person likes a film: about 0 on average, 2 and more for what is right for them.</summary>
    public double Liking(Film film, Mood mood) => TasteIn(mood).Liking(film, mood.Favours(film, films.NewSince));

    /// <summary>What the person may do with a film that they look at: nothing with one that they have seen.</summary>
    public Chances ChancesOf(Film film, Mood mood, IReadOnlySet<long> seen) => seen.Contains(film.Key) ? default : Chances.Of(Liking(film, mood));

    /// <summary>The mean of all ratings that the person could give the film.</summary>
    public double ExpectedRating(Film film, Mood mood) => ExpectedRating(Liking(film, mood));

    /// <summary>The mean of all ratings that the person could give a film that they like so much.</summary>
    public double ExpectedRating(double liking) => Stars.Expected(Stars.Opinion(liking, mildness));

    /// <summary>Everything that the person does with a list, in the order of time.</summary>
    /// <param name="visit">Number of the person's visit, from 0.</param>
    /// <param name="shown">Which list of the visit it is.</param>
    /// <param name="list">Films, best first.</param>
    /// <param name="mood">What holds now.</param>
    /// <param name="seen">Keys of the films that the person has seen.</param>
    public IReadOnlyList<Deed> React(int visit, Shown shown, IReadOnlyList<Film> list, Mood mood, IReadOnlySet<long> seen)
    {
        var (deeds, now) = (new List<Deed>(), TimeSpan.Zero);
        for (var place = 0; place < Math.Min(list.Count, MostPlaces); place++)
        {
            var (film, draw) = (list[place], Draw(visit, shown, place));
            var chances = ChancesOf(film, mood, seen);
            now += LookAt;
            if (Happens(chances.Open, Purpose.Open, draw))
            {
                deeds.Add(new Opening(now, film));
                now += ReadAbout;
                if (Happens(chances.Begin, Purpose.Begin, draw) && Watch(film, chances, draw, mood, deeds, ref now)) break;
            }
            if (!Happens(Patience, Purpose.Continue, draw)) break;
        }
        return deeds;
    }

    /// <summary>What the person does with a search: they watch the film that they wanted, if it was found and they have not seen it.</summary>
    public IReadOnlyList<Deed> Find(int visit, Film wanted, IReadOnlyList<Film> found, Mood mood, IReadOnlySet<long> seen)
    {
        var (deeds, now) = (new List<Deed>(), LookAt);
        if (!found.Contains(wanted) || seen.Contains(wanted.Key)) return deeds;
        deeds.Add(new Opening(now, wanted));
        now += ReadAbout;
        Watch(wanted, ChancesOf(wanted, mood, seen), Draw(visit, Shown.Search, 0), mood, deeds, ref now);
        return deeds;
    }

    /// <summary>Whether the person goes looking for films by themselves after the slate, and how: half of them search for the film that they like best among some that they have heard of.</summary>
    /// <returns>Null if they do not.</returns>
    public Quest? Wander(int visit, Mood mood, IReadOnlySet<long> seen)
    {
        var draw = Draw(visit, Shown.Search, 0);
        if (films.ByFame.Count == 0 || !Happens(curious, Purpose.Search, draw)) return null;
        if (Happens(0.5, Purpose.Search, draw + 1)) return new(Shown.Popular, null);
        var heardOf = Enumerable.Range(0, Candidates).Select(i => films.ByFame[(int)(Square(random.Uniform(Purpose.Choice, Number, draw + i)) * films.ByFame.Count)]);
        return heardOf.Where(f => !seen.Contains(f.Key)).MaxBy(f => Liking(f, mood)) is { } wanted ? new(Shown.Search, wanted) : null;
    }

    /// <summary>Watches, and perhaps rates.</summary>
    /// <returns>Whether that was enough for this visit.</returns>
    private bool Watch(Film film, Chances chances, long draw, Mood mood, List<Deed> deeds, ref TimeSpan now)
    {
        var minutes = chances.MinutesAt(random.Uniform(Purpose.Stop, Number, draw), film.Minutes);
        var satisfied = minutes > Chances.SatisfiedMinutes || minutes == film.Minutes;
        deeds.Add(new Watching(now, film, minutes));
        now += minutes * Minute;
        if (Happens(satisfied ? talkative : talkative / 3, Purpose.Rate, draw))
        {
            var opinion = Stars.Opinion(Liking(film, mood), mildness);
            deeds.Add(new Rating(now += Pause, film, Stars.Given(opinion, random.Uniform(Purpose.Noise, Number, draw), random.Uniform(Purpose.Noise, Number, draw + 1))));
        }
        return satisfied;
    }

    private bool Happens(double chance, Purpose purpose, long draw) => random.Uniform(purpose, Number, draw) < chance;

    /// <summary>Coordinate of the draws about one place of one list of one visit; it leaves room for a few draws of the same purpose.</summary>
    private static long Draw(int visit, Shown shown, int place) => (((long)visit * Kinds + (int)shown) * MostPlaces + place) * 2 * Candidates;

    private double Character(int trait) => random.Uniform(Purpose.Character, Number, trait);

    private static double Square(double x) => x * x;
}
