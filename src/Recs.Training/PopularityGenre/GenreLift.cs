using Recs.Training.Snapshots;

namespace Recs.Training.PopularityGenre;

/// <summary>
/// What a genre's share of one history is measured against: its share of all histories, where each movie gives 1 / (its genres) to each of its genres. Without it a
/// genre that everyone sees would look like everyone's taste.
/// </summary>
internal static class GenreLift
{
    /// <summary>One over each genre's share of all histories; 0 for a genre that is in none.</summary>
    public static float[] Of(Histories histories, MovieGenres genres)
    {
        var counts = new long[genres.Movies];
        foreach (var movie in histories.All)
            counts[movie]++;
        var shares = new double[genres.Names.Count];
        var total = 0.0;
        for (var movie = 0; movie < genres.Movies; movie++) // by movie, so that the order of the people does not matter
        {
            var of = genres.Of(movie);
            foreach (var genre in of)
                shares[genre] += counts[movie] / (double)of.Length;
            total += of.IsEmpty ? 0 : counts[movie];
        }

        return Array.ConvertAll(shares, share => share == 0 ? 0 : (float)(total / share));
    }
}
