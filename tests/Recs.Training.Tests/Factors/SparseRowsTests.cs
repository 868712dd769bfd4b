using Recs.Training.Factors;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Factors;

public class SparseRowsTests
{
    [Fact]
    public void Turned_round_each_movie_has_its_people_in_ascending_order()
    {
        var data = GeneratedData.Interactions(users: 17, movies: 23, perUser: 9);
        var histories = Histories.Of(data);
        var people = SparseRows.Of(histories);
        var movies = people.Transposed(data.Movies.Count);
        for (var movie = 0; movie < data.Movies.Count; movie++)
            movies.Of(movie).ToArray().ShouldBe(Enumerable.Range(0, histories.Users).Where(user => histories.Of(user).Contains(movie)));
        people.Of(3).ToArray().ShouldBe(histories.Of(3).ToArray());
    }
}
