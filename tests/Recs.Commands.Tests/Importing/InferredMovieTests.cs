using Recs.Commands.Importing;

namespace Recs.Commands.Tests.Importing;

public sealed class InferredMovieTests
{
    [Theory]
    [InlineData("the+matrix+1999", "the matrix", 1999)]
    [InlineData("1984+1984", "1984", 1984)]
    [InlineData("1984", "1984", null)]
    [InlineData("no+year+", "no year", null)]
    [InlineData("42", "42", null)]
    [InlineData("++", "++", null)]
    [InlineData("blade+runner+2049+2017", "blade runner 2049", 2017)]
    [InlineData("agent+0007", "agent 0007", null)]
    public void A_title_and_a_year_are_read_from_the_id(string id, string title, int? year)
    {
        var movie = InferredMovie.FromId(id);

        (movie.MovieId, movie.Title, movie.Year, movie.Inferred).ShouldBe((id, title, year, true));
    }
}
