using Recs.Commands.Simulating;
using Recs.Host.Simulating.People;

namespace Recs.Host.Tests.Simulating.People;

/// <summary>A catalogue of made-up films.</summary>
internal static class Worlds
{
    private static readonly string[] Genres = ["Comedy", "Drama", "War", "Western"];

    public static CounterRandom Random { get; } = new(7);

    public static IReadOnlyList<ListedMovie> Listed { get; } =
        [.. Enumerable.Range(0, 200).Select(i => new ListedMovie($"m{i}", $"Film {i}", 1900 + (i % 100), [Genres[i % 4]], 1000 - i))];

    public static FilmCatalogue Catalogue { get; } = new(Random, Listed);

    public static HashSet<long> Nothing { get; } = [];

    public static Person Person(int number, ulong seed = 7) => new(new(seed), number, Catalogue, finds: 0.5);
}
