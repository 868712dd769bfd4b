using System.Security.Cryptography;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Snapshots;

public class InteractionSetTests
{
    private static InteractionSet Small()
    {
        var builder = new InteractionSetBuilder();
        builder.Add("u2", "m+b", 10, 1000);
        builder.Add("u1", "m+a", 0, 2000);
        builder.Add("u2", "m+a", 1, 3000);
        return builder.Build();
    }

    [Fact]
    public void Interactions_keep_the_order_in_which_they_were_added()
    {
        var set = Small();
        set.User.ToArray().ShouldBe([1, 0, 1]);
        set.Movie.ToArray().ShouldBe([1, 0, 0]);
        set.HalfStars.ToArray().ShouldBe([(byte)10, (byte)0, (byte)1]);
        set.At.ToArray().ShouldBe([1000, 2000, 3000]);
    }

    [Fact]
    public void The_digest_of_this_data_set_never_changes() => Small().Sha256.ShouldBe("f634110d4c7aab3ebd705fad8468336e1dd85e0517cec7d268e14877339f26ad");

    [Fact]
    public void The_digest_is_that_of_the_canonical_bytes()
    {
        using var bytes = new MemoryStream();
        CanonicalBytes.Write(Small(), bytes);
        Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())).ShouldBe(Small().Sha256);
    }

    [Theory]
    [InlineData("u3", "m+b", 10, 1000)]
    [InlineData("u2", "m+c", 10, 1000)]
    [InlineData("u2", "m+b", 9, 1000)]
    [InlineData("u2", "m+b", 10, 1001)]
    public void Any_altered_field_alters_the_digest(string user, string movie, byte halfStars, long at)
    {
        var builder = new InteractionSetBuilder();
        builder.Add(user, movie, halfStars, at);
        builder.Add("u1", "m+a", 0, 2000);
        builder.Add("u2", "m+a", 1, 3000);
        builder.Build().Sha256.ShouldNotBe(Small().Sha256);
    }

    [Fact]
    public void Ratings_alone_know_only_their_own_users_and_movies()
    {
        var ratings = Small().RatingsOnly();
        ratings.Count.ShouldBe(2);
        ratings.Users.Ids.ShouldBe(["u2"]);
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(5, 10)]
    public void Stars_become_half_stars(double stars, byte halfStars) => InteractionSetBuilder.ToHalfStars(stars).ShouldBe(halfStars);

    [Theory]
    [InlineData(0)]
    [InlineData(5.5)]
    [InlineData(3.25)]
    [InlineData(double.NaN)]
    public void A_rating_off_the_scale_is_refused(double stars) => Should.Throw<InvalidDataException>(() => InteractionSetBuilder.ToHalfStars(stars));
}
