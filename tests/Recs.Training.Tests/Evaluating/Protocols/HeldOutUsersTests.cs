using Recs.Training.Evaluating.Protocols;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Evaluating.Protocols;

public class HeldOutUsersTests
{
    [Fact]
    public void Held_out_people_are_not_in_the_training_data_and_are_asked_about_with_more_and_more_ratings()
    {
        var data = GeneratedData.Interactions(users: 100, movies: 200, perUser: 40);
        var histories = Histories.Of(data);
        var split = new HeldOutUsers().Cut(data, 1).Single();
        var heldOut = split.People.GroupBy(p => p.User).ToList();
        heldOut.Count.ShouldBeInRange(3, 20);
        heldOut.Select(person => person.Key).Intersect(split.Train.User.ToArray()).ShouldBeEmpty();
        foreach (var person in heldOut)
        {
            var movies = histories.Of(person.Key).ToArray();
            person.Select(p => p.Given.Length).ShouldBe([0, 1, 3, 5, 10]);
            person.Select(p => p.Group).ShouldBe(["0", "1", "3", "5", "10"]);
            person.ShouldAllBe(p => p.Targets.SequenceEqual(movies.Skip(10).Take(10)) && p.LeftOut.SequenceEqual(movies.Take(10)));
            person.ShouldAllBe(p => p.Given.SequenceEqual(movies.Take(10).TakeLast(p.Given.Length)));
        }
    }

    [Fact]
    public void Who_has_ten_movies_or_fewer_is_not_judged()
    {
        var data = GeneratedData.Interactions(users: 100, movies: 8, perUser: 40);
        new HeldOutUsers().Cut(data, 1).Single().People.ShouldBeEmpty();
    }
}
