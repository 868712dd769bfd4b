using Recs.Commands.Importing;
using Recs.Training.Snapshots;

namespace Recs.Benchmarks.Training;

/// <summary>A data set as a training reads it from the log, without a log.</summary>
internal static class TrainingSet
{
    /// <summary>The ratings in the order of their events, with the genres and titles of the movies.</summary>
    public static InteractionSet Of(DataSet set)
    {
        var builder = new InteractionSetBuilder(set.Ratings.Count);
        foreach (var row in RatingOrder.Of(set.Ratings))
            builder.Add(set.UserIds[set.Ratings.Users[row]], set.MovieIds[set.Ratings.Movies[row]], set.Ratings.HalfStars[row], set.Ratings.Seconds[row] * 1000L);
        var rated = builder.Build();
        return rated
            .WithGenres(MovieGenres.Of(rated.Movies, set.Movies.Select(m => (m.MovieId, m.Genres))))
            .WithTitles(MovieTitle.Of(rated.Movies, set.Movies.Select(m => (m.MovieId, new MovieTitle(m.Title, m.Year)))));
    }
}
