using Recs.Host.Simulating.People;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Simulating.People;

public sealed class PersonTests
{
    private static readonly Mood Usual = new();
    private static readonly IReadOnlyList<Film> Slate = [.. Worlds.Catalogue.ByFame.Where((_, i) => i % 10 == 3)];

    [Fact]
    public void the_same_seed_number_visit_and_slate_make_the_same_deeds()
    {
        for (var number = 0; number < 50; number++)
            Worlds.Person(number).React(3, Shown.Slate, Slate, Usual, Worlds.Nothing).ShouldBe(Worlds.Person(number).React(3, Shown.Slate, Slate, Usual, Worlds.Nothing));
        Deeds(seed: 7, visit: 3).ShouldNotBe(Deeds(seed: 8, visit: 3));
        Deeds(seed: 7, visit: 3).ShouldNotBe(Deeds(seed: 7, visit: 4));
    }

    [Fact]
    public void what_was_done_before_changes_nothing_about_a_later_visit()
    {
        var person = Worlds.Person(5);
        for (var visit = 0; visit < 10; visit++) person.React(visit, Shown.Slate, Slate, new(Epoch: visit % 2), Worlds.Nothing);
        person.React(10, Shown.Slate, Slate, Usual, Worlds.Nothing).ShouldBe(Worlds.Person(5).React(10, Shown.Slate, Slate, Usual, Worlds.Nothing));
    }

    [Fact]
    public void a_film_is_opened_before_it_is_watched_and_watched_before_it_is_rated()
    {
        foreach (var deeds in Enumerable.Range(0, 500).Select(n => Worlds.Person(n).React(0, Shown.Slate, Slate, Usual, Worlds.Nothing)))
        {
            deeds.Select(d => d.After).ShouldBeInOrder();
            foreach (var watching in deeds.OfType<Watching>())
            {
                deeds.OfType<Opening>().ShouldContain(o => o.Film == watching.Film && o.After < watching.After);
                watching.Minutes.ShouldBeInRange(1, watching.Film.Minutes);
            }
            foreach (var rating in deeds.OfType<Rating>())
                deeds.OfType<Watching>().ShouldContain(w => w.Film == rating.Film && w.After + TimeSpan.FromMinutes(w.Minutes) < rating.After);
        }
    }

    [Fact]
    public void nobody_opens_what_they_have_seen()
    {
        var seen = Slate.Select(f => f.Key).ToHashSet();
        Enumerable.Range(0, 500).SelectMany(n => Worlds.Person(n).React(0, Shown.Slate, Slate, Usual, seen)).ShouldBeEmpty();
        SlateTruth.Of(Worlds.Person(1), Slate, Usual, seen, Worlds.Catalogue).Served.Success.ShouldBe(0);
    }

    [Fact]
    public void films_and_people_do_not_depend_on_what_else_the_catalogue_holds()
    {
        var smaller = new FilmCatalogue(Worlds.Random, Worlds.Listed.Take(20));
        var (here, there) = (Worlds.Catalogue.ByFame[7], smaller.ByFame[7]);
        there.MovieId.ShouldBe(here.MovieId);
        there.Factors.ShouldBe(here.Factors);
        (there.Quality, there.Minutes).ShouldBe((here.Quality, here.Minutes));
        new Person(Worlds.Random, 9, smaller, 0).TasteIn(Usual).Leanings.ShouldBe(Worlds.Person(9).TasteIn(Usual).Leanings);
    }

    [Fact]
    public void people_who_look_by_themselves_search_for_what_they_like_or_see_what_is_popular()
    {
        var quests = Enumerable.Range(0, 1000).Select(n => Worlds.Person(n).Wander(0, Usual, Worlds.Nothing)).ToList();
        quests.Count(q => q is not null).ShouldBeInRange(400, 600);
        quests.Count(q => q is { Where: Shown.Popular }).ShouldBeInRange(150, 350);
        var wanted = quests.Select((q, n) => (q?.Wanted, Person: Worlds.Person(n))).Where(q => q.Wanted is not null).ToList();
        wanted.Average(w => w.Person.ExpectedRating(w.Wanted!, Usual)).ShouldBeGreaterThan(wanted.Average(w => Worlds.Catalogue.ByFame.Average(f => w.Person.ExpectedRating(f, Usual))) + 0.5);
    }

    [Fact]
    public void a_shift_of_tastes_changes_who_likes_what()
    {
        double Liking(int person, int epoch) => Worlds.Person(person).ExpectedRating(Worlds.Catalogue.ByFame[0], new(epoch));
        Enumerable.Range(0, 100).Count(n => Math.Abs(Liking(n, 0) - Liking(n, 1)) > 0.1).ShouldBeGreaterThan(80);
    }

    [Fact]
    public void a_fashion_makes_its_films_more_appealing_to_all()
    {
        var film = Worlds.Catalogue.ByFame[0];
        for (var n = 0; n < 50; n++)
        {
            var usual = Worlds.Person(n).ChancesOf(film, Usual, Worlds.Nothing).Watch;
            Worlds.Person(n).ChancesOf(film, new(Genre: film.Genres[0]), Worlds.Nothing).Watch.ShouldBeGreaterThan(usual);
            Worlds.Person(n).ChancesOf(film, new(Genre: "Another"), Worlds.Nothing).Watch.ShouldBe(usual);
        }
    }

    private static List<Deed> Deeds(ulong seed, int visit) => [.. Enumerable.Range(0, 50).SelectMany(n => Worlds.Person(n, seed).React(visit, Shown.Slate, Slate, Usual, Worlds.Nothing))];
}
