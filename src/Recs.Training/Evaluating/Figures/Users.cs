using Recs.Training.Evaluating.Protocols;

namespace Recs.Training.Evaluating.Figures;

/// <summary>Judged users, each once: intervals and tests draw users, and a user's several entries do not make several of them.</summary>
internal static class Users
{
    /// <summary>Per user the mean over the entries.</summary>
    /// <param name="people">The same user's entries stand together.</param>
    /// <param name="figures">One per entry.</param>
    public static double[] Means(IReadOnlyList<JudgedPerson> people, double[] figures)
    {
        var means = new List<double>(figures.Length);
        for (int start = 0, end; start < figures.Length; start = end)
        {
            var sum = 0.0;
            for (end = start; end < figures.Length && people[end].User == people[start].User; end++)
                sum += figures[end];
            means.Add(sum / (end - start));
        }

        return [.. means];
    }
}
