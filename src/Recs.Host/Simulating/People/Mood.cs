namespace Recs.Host.Simulating.People;

/// <summary>What is different in the simulated world at a moment, after the shifts so far.</summary>
/// <param name="Epoch">How often all tastes have changed.</param>
/// <param name="Genre">Genre that is in fashion, if one is.</param>
/// <param name="NewOnes">Whether new films are in fashion.</param>
/// <param name="Volume">Factor of the number of visits.</param>
internal sealed record Mood(int Epoch = 0, string? Genre = null, bool NewOnes = false, double Volume = 1)
{
    /// <summary>Whether a film is in fashion.</summary>
    public bool Favours(Film film, int newSince) => Genre is { } genre && film.Genres.Contains(genre, StringComparer.Ordinal) || NewOnes && film.Year >= newSince;
}
