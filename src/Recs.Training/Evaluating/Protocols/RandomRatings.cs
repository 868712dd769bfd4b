using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Training.Evaluating.Protocols;

/// <summary>
/// The protocol <c>random</c>: ratings drawn at random, whoever gave them and whenever, are predicted from all the others: each with a probability of one in ten, or
/// every one of them once, in so many folds. It looks into the future of each person, so its errors compare with published tables and say little about a service.
/// </summary>
/// <param name="folds">1 for a tenth drawn once; else 2 or more.</param>
public sealed class RandomRatings(int folds = 1) : IProtocol
{
    private const int Tenths = 10;
    private const ulong Purpose = 0x726174696e6773; // "ratings"

    /// <inheritdoc />
    public string Name => "random";
    /// <inheritdoc />
    public bool PredictsRatings => true;
    /// <summary>Folds; 1 for a tenth drawn once.</summary>
    public int Folds { get; } = folds >= 1 ? folds : throw new ArgumentOutOfRangeException(nameof(folds), folds, "At least one fold.");

    /// <inheritdoc />
    public IReadOnlyList<Split> Cut(InteractionSet ratings, ulong seed)
    {
        var random = new CounterRandom(seed, Purpose);
        var part = new int[ratings.Count];
        for (var i = 0; i < part.Length; i++)
            part[i] = random.Below(Folds == 1 ? Tenths : Folds, (ulong)i);
        return [.. Enumerable.Range(0, Folds).Select(fold => Cut(ratings, part, fold))];
    }

    private static Split Cut(InteractionSet ratings, int[] part, int fold)
    {
        var train = ratings.Where(Array.ConvertAll(part, p => p != fold));
        var histories = Histories.Of(train);
        var judged = Histories.Of(ratings.Where(Array.ConvertAll(part, p => p == fold)));
        var people = new List<JudgedPerson>();
        for (var user = 0; user < judged.Users; user++)
        {
            if (judged.Of(user).IsEmpty)
                continue;
            var given = histories.Of(user).ToArray();
            people.Add(new(user, given, histories.HalfStarsOf(user).ToArray(), judged.Of(user).ToArray(), judged.HalfStarsOf(user).ToArray(), given));
        }

        return new(train, people);
    }
}
