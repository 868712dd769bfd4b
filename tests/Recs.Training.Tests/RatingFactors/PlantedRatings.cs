using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.RatingFactors;

/// <summary>
/// Made-up people who rate by rules that a model can find: three stars, up to one more or less for the movie, as much for the person's mildness, and one more or less
/// as the movie's half of the catalogue is the one that the person likes.
/// </summary>
internal static class PlantedRatings
{
    public const int Users = 80;
    public const int Movies = 40;

    /// <summary>Stars that a person gives to a movie, to the half star.</summary>
    public static float Stars(int user, int movie)
        => 3 + (((movie * 7 % 5) - 2) / 4f) + (((user * 3 % 5) - 2) / 4f) + (user % 2 == movie % 2 ? 0.75f : -0.75f);

    /// <summary>Whether it is kept back to be predicted.</summary>
    public static bool HeldOut(int user, int movie) => ((user * 13) + (movie * 29)) % 7 == 0;

    public static InteractionSet Data(bool watches = false)
    {
        var random = new CounterRandom(3, 77);
        var builder = new InteractionSetBuilder();
        for (var user = 0; user < Users; user++)
            foreach (var movie in Enumerable.Range(0, Movies).OrderBy(m => random.Bits((ulong)((user * Movies) + m))))
                if (!HeldOut(user, movie))
                    builder.Add($"u{user:000}", $"m{movie:000}", (byte)Math.Round(2 * Stars(user, movie)), 1_000 * movie);
                else if (watches)
                    builder.Add($"u{user:000}", $"m{movie:000}", 0, 1_000 * movie);
        return builder.Build();
    }
}
