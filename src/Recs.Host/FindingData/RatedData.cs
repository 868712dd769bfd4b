using Recs.Commands.Importing;
using Recs.Commands.Importing.Formats;
using Recs.Contracts.Users;
using Recs.Training.Snapshots;

namespace Recs.Host.FindingData;

/// <summary>A data set for evaluation without a database: the same interactions in the same order as an import would give, genres, titles and demographics beside them.</summary>
internal static class RatedData
{
    /// <summary>Reads a folder or file.</summary>
    /// <returns>The interactions and how many rows were rejected.</returns>
    /// <exception cref="ImportInputException">It cannot be read.</exception>
    public static (string Name, InteractionSet Data, long Rejected) Read(string path)
    {
        var rejects = new RejectCounts();
        var set = DataSetReader.Read(path, DataSetFormat.Auto, rejects);
        return (set.Name, Of(set), rejects.Total);
    }

    /// <summary>The interactions of a data set that is in memory.</summary>
    public static InteractionSet Of(DataSet set)
    {
        var ratings = set.Ratings;
        var builder = new InteractionSetBuilder(ratings.Count);
        foreach (var row in RatingOrder.Of(ratings))
            builder.Add(set.UserIds[ratings.Users[row]], set.MovieIds[ratings.Movies[row]], ratings.HalfStars[row], ratings.Seconds[row] * 1000L);
        var rated = builder.Build();
        return rated
            .WithGenres(MovieGenres.Of(rated.Movies, set.Movies.Select(m => (m.MovieId, m.Genres))))
            .WithTitles(MovieTitle.Of(rated.Movies, set.Movies.Select(m => (m.MovieId, new MovieTitle(m.Title, m.Year)))))
            .WithDemographics(KnownOf(rated.Users, set.Users));
    }

    private static Demographics[] KnownOf(IdMap users, IReadOnlyList<UserRegistered> registered)
    {
        var known = new Demographics[users.Count];
        foreach (var user in registered)
            if (users.Find(user.UserId) is >= 0 and var place)
                known[place] = new(user.Gender, user.Age, user.Occupation);
        return known;
    }
}
