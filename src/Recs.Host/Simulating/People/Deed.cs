namespace Recs.Host.Simulating.People;

/// <summary>What a person does with a film.</summary>
/// <param name="After">How long after the list was shown, in the person's own time.</param>
/// <param name="Film">The film.</param>
internal abstract record Deed(TimeSpan After, Film Film);

/// <summary>Opens it.</summary>
/// <param name="After">How long after the list was shown.</param>
/// <param name="Film">The film.</param>
internal sealed record Opening(TimeSpan After, Film Film) : Deed(After, Film);

/// <summary>Watches minutes 0 to <paramref name="Minutes"/> - 1, one after the other.</summary>
/// <param name="After">When minute 0 begins.</param>
/// <param name="Film">The film.</param>
/// <param name="Minutes">How many, 1 or more.</param>
internal sealed record Watching(TimeSpan After, Film Film, int Minutes) : Deed(After, Film);

/// <summary>Rates it.</summary>
/// <param name="After">How long after the list was shown.</param>
/// <param name="Film">The film.</param>
/// <param name="Stars">0.5 to 5 stars in halves.</param>
internal sealed record Rating(TimeSpan After, Film Film, double Stars) : Deed(After, Film);
