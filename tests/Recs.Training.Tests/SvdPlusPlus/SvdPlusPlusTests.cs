using Recs.Training.Tests.RatingFactors;

namespace Recs.Training.Tests.SvdPlusPlus;

public class SvdPlusPlusTests
{
    [Fact]
    public void A_movie_that_was_only_watched_says_something_too()
    {
        using var fitted = Fitted.Of("svd-plus-plus", PlantedRatings.Data(watches: true), ("factors", "4"));
        fitted.Scorer.Personalizes(new([1, 2])).ShouldBeTrue();
        float[] rated = new float[PlantedRatings.Movies], both = new float[PlantedRatings.Movies];
        fitted.Scorer.Score(new([1, 2], (byte[])[9, 3]), rated);
        fitted.Scorer.Score(new([1, 5, 2], (byte[])[9, 0, 3]), both);
        both.ShouldNotBe(rated);
    }
}
