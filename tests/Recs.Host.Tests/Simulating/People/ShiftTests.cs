using Recs.Host.CommandLine;
using Recs.Host.Simulating.People;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Simulating.People;

public sealed class ShiftTests
{
    [Fact]
    public void shifts_hold_from_their_share_of_the_run_on_and_add_up()
    {
        var shifts = Shift.Parse("volume:0.5@0.75, tastes@0.25,popularity:Drama@0.5,volume@0.25");
        Shift.MoodAt(shifts, 0.2).ShouldBe(new Mood());
        Shift.MoodAt(shifts, 0.25).ShouldBe(new Mood(Epoch: 1, Volume: 2));
        Shift.MoodAt(shifts, 0.99).ShouldBe(new Mood(1, "Drama", false, 1));
    }

    [Theory]
    [InlineData("tastes")]
    [InlineData("tastes@1")]
    [InlineData("tastes@half")]
    [InlineData("tastes:much@0.5")]
    [InlineData("weather@0.5")]
    [InlineData("volume:0@0.5")]
    [InlineData("volume:1000@0.5")]
    public void what_is_no_shift_is_refused_with_what_is_expected(string text)
        => Should.Throw<UsageException>(() => Shift.Parse(text)).Message.ShouldContain("volume:0.5@0.5");

    [Fact]
    public void a_popularity_without_a_name_is_chosen_by_the_seed_and_a_genre_must_exist()
    {
        Shift.Parse("popularity@0.5")[0].Resolve(new(3), 0, Worlds.Catalogue.Genres).What.ShouldBe(Shift.Parse("popularity@0.5")[0].Resolve(new(3), 0, Worlds.Catalogue.Genres).What);
        Shift.Parse("popularity:comedy@0.5")[0].Resolve(new(3), 0, Worlds.Catalogue.Genres).What.ShouldBe("Comedy");
        Should.Throw<UsageException>(() => Shift.Parse("popularity:Opera@0.5")[0].Resolve(new(3), 0, Worlds.Catalogue.Genres)).Message.ShouldContain("Western");
    }

    [Fact]
    public void new_films_are_those_of_the_newest_tenth()
    {
        var mood = Shift.MoodAt(Shift.Parse("popularity:new@0"), 0);
        Worlds.Catalogue.ByFame.Count(f => mood.Favours(f, Worlds.Catalogue.NewSince)).ShouldBeInRange(20, 24);
    }
}
