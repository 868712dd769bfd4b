using System.Text.Json;
using Recs.Contracts.Movies;
using Recs.Contracts.Recommendations;
using Recs.Contracts.Users;
using Shouldly;
using Xunit;

namespace Recs.Contracts.Tests;

public class EventJsonTests
{
    private static readonly DateTimeOffset At = new(2001, 2, 3, 4, 5, 6, TimeSpan.Zero);

    [Fact]
    public void Properties_are_stored_as_declared()
        => JsonSerializer.Serialize(new MovieRated("7", "the+matrix+1999", 4.5, At), EventJson.Default.MovieRated)
            .ShouldBe("""{"UserId":"7","MovieId":"the\u002Bmatrix\u002B1999","Rating":4.5,"At":"2001-02-03T04:05:06+00:00"}""");

    [Fact]
    public void Absent_values_are_left_out()
        => JsonSerializer.Serialize(new UserRegistered("7"), EventJson.Default.UserRegistered).ShouldBe("""{"UserId":"7"}""");

    [Fact]
    public void A_movie_keeps_its_genres_in_order()
    {
        var movie = new MovieAdded("1", "A title", 1995, ["Comedy", "Animation"]);
        var read = JsonSerializer.Deserialize(JsonSerializer.Serialize(movie, EventJson.Default.MovieAdded), EventJson.Default.MovieAdded)!;
        read.Genres.ShouldBe(["Comedy", "Animation"]);
        read.Inferred.ShouldBeFalse();
    }

    [Fact]
    public void Trainings_of_older_logs_are_still_read()
    {
        const string requested = """{"TrainingId":"t","Model":"popularity","SnapshotId":"s9","Options":{"tau":"4"},"Seed":18446744073709551615,"RequestedBy":"me","Reason":"new data","At":"2001-02-03T04:05:06+00:00"}""";
        const string trained = """
            {"TrainingId":"t","Model":"popularity","Version":"popularity-v0.1","ContentHash":"c","SnapshotId":"s9","SnapshotSha256":"d","ThroughSequence":9,"Options":{"tau":"4"},"Seed":1,"FormatVersion":1,
             "CodeRevision":"r","Dirty":true,"Files":[{"Name":"model.bin","Sha256":"e","Bytes":12}],"Seconds":1.5,"Bytes":12,"At":"2001-02-03T04:05:06+00:00"}
            """;
        var request = JsonSerializer.Deserialize(requested, EventJson.Default.TrainingRequested)!;
        (request.SnapshotId, request.Seed, request.ThroughSequence).ShouldBe(("s9", ulong.MaxValue, null), "such a request names a snapshot that is there");
        var version = JsonSerializer.Deserialize(trained, EventJson.Default.ModelTrained)!;
        (version.Version, version.Options["tau"], version.Files.Single().Bytes, version.Dirty, version.At).ShouldBe(("popularity-v0.1", "4", 12L, true, At));
    }

    [Theory]
    [InlineData(1e-45f)]
    [InlineData(0.1f)]
    [InlineData(3.4028235e38f)]
    [InlineData(-0.021543682f)]
    public void A_score_keeps_its_bits(float score)
    {
        var slate = new RecommendationServed("r", "u", 1, ["m"], [score], "popularity", "popularity-v0.1", 1, "live", true, null, 1, "0", 1, 1, new SlatePolicy(1), 0.1, At);
        var read = JsonSerializer.Deserialize(JsonSerializer.Serialize(slate, EventJson.Default.RecommendationServed), EventJson.Default.RecommendationServed)!;
        BitConverter.SingleToInt32Bits(read.Scores[0]).ShouldBe(BitConverter.SingleToInt32Bits(score));
    }
}
