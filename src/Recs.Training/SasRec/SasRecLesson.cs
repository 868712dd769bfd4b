using Recs.Training.Features;
using Recs.Training.Neural;
using Recs.Training.Snapshots;

namespace Recs.Training.SasRec;

/// <summary>What the network learns from.</summary>
/// <param name="Histories">Histories.</param>
/// <param name="Row">The own row of every movie of <see cref="Histories.All"/>.</param>
/// <param name="Movies">The movies that somebody has seen, in the order of their own rows; once per part of a step, since each leaves some own rows aside.</param>
/// <param name="People">Whose histories, each of two movies or more, in an order that says nothing about who they are.</param>
/// <param name="Kept">Movies that are not told.</param>
internal sealed record SasRecLesson(Histories Histories, int[] Row, MovieRows[] Movies, int[] People, KeptBack Kept)
{
    /// <summary>Puts it together.</summary>
    public static SasRecLesson Of(Histories histories, SeenMovies seen, MovieFeatures features)
    {
        var people = AnonymousOrder.Of(histories).Where(user => histories.Of(user).Length > 1).ToArray();
        var row = histories.All.ToArray();
        for (var i = 0; i < row.Length; i++)
            row[i] = seen.Row[row[i]];
        return new(histories, row, [.. Enumerable.Range(0, GradientDescent.Parts).Select(_ => seen.SeenRows(features))], people, new(histories, people));
    }
}
