using Recs.Queries.Catalogue;
using Shouldly;
using Xunit;

namespace Recs.Queries.Tests;

public class CatalogueStateTests
{
    private readonly MovieNumbers _numbers = new();

    private static Movie Movie(string id, string genre) => new(id, id, null, [genre], false);

    private CatalogueState Log() => CatalogueState.Empty
        .With([(3, Movie("a", "Drama")), (5, Movie("b", "Comedy"))], _numbers)
        .With([(8, Movie("a", "War")), (9, Movie("c", "Drama"))], _numbers);

    [Theory]
    [InlineData(2, 0, 0, "")]
    [InlineData(3, 3, 1, "Drama")]
    [InlineData(7, 5, 2, "Comedy,Drama")]
    [InlineData(8, 8, 2, "Comedy,War")]
    [InlineData(99, 9, 3, "Comedy,Drama,War")]
    public void Every_position_of_the_past_is_still_there(long sequence, long last, int count, string genres)
    {
        var then = Log().AsOf(sequence);
        (then.Sequence, then.Count, string.Join(',', then.Genres)).ShouldBe((last, count, genres));
    }

    [Fact]
    public void The_past_does_not_change_the_present()
    {
        var now = Log();
        now.AsOf(3).Find(_numbers.Find("a"))!.Genres.ShouldBe(["Drama"]);
        now.Find(_numbers.Find("a"))!.Genres.ShouldBe(["War"]);
        now.AsOf(3).Find(_numbers.Find("b")).ShouldBeNull();
    }

    [Fact]
    public void A_name_is_the_first_two_fields_of_the_json()
    {
        var movie = new Movie("a", "A \"title\"", 1999, ["Drama"], false);
        System.Text.Encoding.UTF8.GetString(movie.JsonName.Span).ShouldBe("\"movieId\":\"a\",\"title\":\"A \\u0022title\\u0022\"");
        System.Text.Encoding.UTF8.GetString(movie.JsonFields.Span).ShouldBe("\"movieId\":\"a\",\"title\":\"A \\u0022title\\u0022\",\"year\":1999,\"genres\":[\"Drama\"]");
    }
}
