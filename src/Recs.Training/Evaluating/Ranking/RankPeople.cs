using Recs.Training.Evaluating.Protocols;
using Recs.Training.Numerics;
using Recs.Training.Reranking;
using Recs.Training.Scoring;

namespace Recs.Training.Evaluating.Ranking;

/// <summary>Asks several models for everybody at once, in blocks of people that any thread may take.</summary>
internal static class RankPeople
{
    private const int PeopleAtATime = 32;

    /// <summary>Ranks. The result does not depend on the number of threads.</summary>
    /// <param name="scorers">Models fitted on <paramref name="split"/>.</param>
    /// <param name="rerank">Per scorer what chooses its lists; null for the order of the scores.</param>
    /// <param name="split">Who is judged.</param>
    /// <param name="length">Movies in a full list.</param>
    /// <param name="threads">Threads at most.</param>
    /// <param name="done">Told after each block how many there are in all.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>Per scorer one per person of the split.</returns>
    /// <exception cref="InvalidDataException">A model scores other movies than the data set's, or gives a score that is not finite.</exception>
    public static RankedPerson[][] Run(
        IReadOnlyList<IScorer> scorers, IReadOnlyList<RerankChoice?> rerank, Split split, int length, int threads, Action<int> done, CancellationToken cancel)
    {
        var ranked = scorers.Select(_ => new RankedPerson[split.People.Count]).ToArray();
        var traits = scorers.Select((scorer, i) => rerank[i] is null ? null : new TrainTraits(split.Train.Genres, scorer)).ToArray();
        ForEach(scorers, split, threads, done, (scorer, place, scratch) =>
        {
            var person = split.People[place];
            scorers[scorer].Score(person.State(split.Train), scratch.Scores);
            ranked[scorer][place] = rerank[scorer] is { } choice
                ? RankedPerson.Reranked(scratch.Scores, person, length, choice, scratch.Reranking, traits[scorer]!)
                : RankedPerson.Of(scratch.Scores, person, length);
        }, cancel);
        return ranked;
    }

    /// <summary>Predicts the ratings of everybody's targets.</summary>
    /// <inheritdoc cref="Run"/>
    /// <returns>Per predictor and person the stars of the targets.</returns>
    public static float[][][] Predict(IReadOnlyList<IRatingPredictor> scorers, Split split, int threads, Action<int> done, CancellationToken cancel)
    {
        var predicted = scorers.Select(_ => new float[split.People.Count][]).ToArray();
        ForEach(scorers, split, threads, done, (scorer, place, _) =>
        {
            var person = split.People[place];
            var stars = new float[person.Targets.Length];
            scorers[scorer].PredictRatings(person.State(split.Train), person.Targets, stars);
            predicted[scorer][place] = Array.TrueForAll(stars, float.IsFinite)
                ? stars
                : throw new InvalidDataException("A predicted rating is not a finite number.");
        }, cancel);
        return predicted;
    }

    private static void ForEach(
        IReadOnlyList<IScorer> scorers, Split split, int threads, Action<int> done, Action<int, int, Scratch> ask, CancellationToken cancel)
    {
        var movies = split.Train.Movies.Count;
        if (scorers.FirstOrDefault(s => s.Movies.Count != movies) is { } other)
            throw new InvalidDataException($"A model scores {other.Movies.Count} movies, but the data set has {movies}.");
        var blocks = (split.People.Count + PeopleAtATime - 1) / PeopleAtATime;
        Workers.Run(threads, scorers.Count * blocks, () => new Scratch(movies), (scratch, job) =>
        {
            cancel.ThrowIfCancellationRequested();
            var (scorer, first) = (job / blocks, job % blocks * PeopleAtATime);
            for (var person = first; person < Math.Min(first + PeopleAtATime, split.People.Count); person++)
                ask(scorer, person, scratch);
            done(scorers.Count * blocks);
        });
    }

    private sealed class Scratch(int movies) : IDisposable
    {
        public float[] Scores { get; } = new float[movies];
        public ListReranking Reranking { get; } = new();

        public void Dispose()
        {
            // Memory alone: each thread has its own, so that nobody writes to another's scores.
        }
    }
}
