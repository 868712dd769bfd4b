using Recs.Training.Scoring;

namespace Recs.Training.UserKnn;

/// <summary>
/// The search for the histories nearest to a person's own. With w the weights of the person's movies by age and o(v) the sum of the weights of those that v has too,
/// v is near by the cosine o(v) / (|w| sqrt(movies of v)), shrunk by o(v) / (o(v) + shrinkage). Who has nothing that the person has not seen is no neighbour: whoever was in the
/// training set would otherwise find themselves first, at similarity 1, and give a place away to someone who can only vote for what they have seen.
/// </summary>
/// <param name="kept">Whom to search.</param>
/// <param name="weights">Weights by age.</param>
/// <param name="window">Most recent movies of the person's own that are looked at.</param>
/// <param name="shrinkage">Weight that must be shared for half of the cosine to count.</param>
internal sealed class NearestPeople(KeptHistories kept, HistoryWeights weights, int window, float shrinkage)
{
    private readonly float[] _inverseNorm = [.. Enumerable.Range(0, kept.People).Select(person => 1 / MathF.Sqrt(kept.Of(person).Length))];

    /// <summary>Whom the search goes through.</summary>
    public KeptHistories Kept => kept;

    /// <summary>How many of a history's movies the search looks at: the most recent ones.</summary>
    public int Counting(ReadOnlySpan<int> history) => Math.Min(history.Length, Math.Min(window, weights.Window));

    /// <summary>Whether the search would find anyone; far cheaper than the search.</summary>
    /// <param name="history">The person's movies, oldest first.</param>
    /// <param name="place">See <see cref="KeptHistories.HasUnseen"/>.</param>
    public bool Any(ReadOnlySpan<int> history, ReadOnlySpan<int> place)
    {
        for (var age = 0; age < Counting(history); age++)
            foreach (var person in kept.PeopleWith(history[^(age + 1)]))
                if (kept.HasUnseen(person, place))
                    return true;
        return false;
    }

    /// <summary>Finds the nearest, nearest first, equally near ones in the artifact's order. Sums go from the most recent movie to the oldest.</summary>
    /// <param name="history">The person's movies, oldest first.</param>
    /// <param name="place">See <see cref="KeptHistories.HasUnseen"/>.</param>
    /// <param name="overlap">Scratch: one number per person of <see cref="Kept"/>.</param>
    /// <param name="people">Receives the neighbours; its length is how many are wanted.</param>
    /// <param name="similarity">Receives their similarities.</param>
    /// <returns>How many were found.</returns>
    public int Find(ReadOnlySpan<int> history, ReadOnlySpan<int> place, Span<float> overlap, Span<int> people, Span<float> similarity)
    {
        overlap = overlap[..kept.People];
        overlap.Clear();
        var squares = 0f;
        for (var age = 0; age < Counting(history); age++)
        {
            var weight = weights[age];
            squares = MathF.FusedMultiplyAdd(weight, weight, squares);
            foreach (var person in kept.PeopleWith(history[^(age + 1)]))
                overlap[person] += weight;
        }

        var (own, found) = (1 / MathF.Sqrt(squares), 0);
        for (var person = 0; person < overlap.Length; person++)
        {
            if (overlap[person] == 0)
                continue;
            var near = own * Nearness(person, overlap[person]);
            if (found == people.Length && near <= similarity[found - 1] || !kept.HasUnseen(person, place))
                continue;
            var to = found < people.Length ? found++ : found - 1;
            for (; to > 0 && near > similarity[to - 1]; to--)
                (similarity[to], people[to]) = (similarity[to - 1], people[to - 1]);
            (similarity[to], people[to]) = (near, person);
        }

        return found;
    }

    /// <summary>Weight of a movie of the history. Over the movies shared with a neighbour the weights sum to what their similarity is proportional to.</summary>
    /// <param name="age">0 for the most recent movie.</param>
    public float Weight(int age) => weights[age];

    private float Nearness(int person, float shared) => shared * _inverseNorm[person] * (shared / (shared + shrinkage));
}
