using Recs.Queries.Catalogue;
using Recs.Training.Snapshots;

namespace Recs.Queries.Tests.Golden;

/// <summary>The data set behind the golden slates. It must never change: make another one instead.</summary>
internal static class GoldenData
{
    private const int People = 30, Movies = 25, PerPerson = 12;

    public static MovieNumbers Numbers { get; } = new();

    public static InteractionSet Interactions { get; } = Build();

    /// <summary>The same by 22 women of 25 and eight men, too few to be a group.</summary>
    public static InteractionSet Described { get; } = Interactions.WithDemographics([.. Interactions.Users.Ids.Select(id => int.Parse(id) < 22 ? new Demographics("F", 25, null) : new Demographics("M", 50, null))]);

    public static CatalogueState Catalogue { get; } = CatalogueState.Empty.With([.. Enumerable.Range(0, Movies).Select(m => ((long)m + 1, new Movie($"{m}", $"Movie {m}", null, Genres(m), false)))], Numbers);

    private static InteractionSet Build()
    {
        var builder = new InteractionSetBuilder();
        for (var step = 0; step < PerPerson; step++)
            for (var person = 0; person < People; person++)
            {
                var movie = ((person * 7) + (step * step * 3) + (person * step)) % Movies;
                var halfStars = (person + step) % 4 == 0 ? 0 : 1 + (((person * 3) + (movie * 5)) % 10);
                builder.Add($"{person}", $"{movie}", (byte)halfStars, 1_000_000_000_000 + (((step * People) + person) * 21_600_000L));
            }

        var data = builder.Build();
        return data.WithGenres(MovieGenres.Of(data.Movies, data.Movies.Ids.Select(id => (id, Genres(int.Parse(id))))));
    }

    private static IReadOnlyList<string> Genres(int movie) => (movie % 5) switch
    {
        0 => [],
        1 => ["Drama"],
        2 => ["Comedy", "Drama"],
        3 => ["War"],
        _ => ["Comedy"],
    };
}
