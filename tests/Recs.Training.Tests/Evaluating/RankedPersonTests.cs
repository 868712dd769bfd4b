using FsCheck;
using FsCheck.Fluent;
using Recs.Training.Evaluating.Ranking;
using Recs.Training.Numerics;

namespace Recs.Training.Tests.Evaluating;

public class RankedPersonTests
{
    [Fact]
    public void Equal_scores_count_against_the_model()
    {
        var ranked = RankedPerson.Of([3, 2, 2, 9, 1], new(0, [3], [8], [2], [8], [3]), 3);
        (ranked.BestRank, ranked.Ranks.Single()).ShouldBe((3, 3));
        ranked.Movies.ShouldBe([0, 1, 2]);
        RankedPerson.Of([3, 2, 2, 9, 1], new(0, [], [], [0], [8], [3]), 3).BestRank.ShouldBe(1);
    }

    [Fact]
    public void A_score_that_is_not_a_number_is_refused()
        => Should.Throw<InvalidDataException>(() => RankedPerson.Of([1, float.NaN], new(0, [], [], [0], [8], []), 1)).Message.ShouldContain("finite");

    [Fact]
    public void The_list_is_all_candidates_sorted_with_those_to_be_found_behind_others_of_their_score()
        => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), Gen.Choose(1, 12).ToArbitrary(), (seed, length) =>
        {
            var random = new CounterRandom((ulong)seed, 1);
            var scores = Enumerable.Range(0, 30).Select(movie => (float)random.Below(8, (ulong)movie)).ToArray(); // many ties
            var kinds = Enumerable.Range(0, 30).ToLookup(movie => random.Below(4, 100 + (ulong)movie)); // 0: seen, 1: to be found
            int[] targets = [.. kinds[1], .. kinds[1].Any() ? Array.Empty<int>() : kinds[2].Take(1)];
            if (targets.Length == 0)
                return;
            var sorted = Enumerable.Range(0, 30).Except(kinds[0]).OrderByDescending(movie => scores[movie]).ThenBy(movie => targets.Contains(movie)).ThenBy(movie => movie).ToList();
            var ranked = RankedPerson.Of([.. scores], new(0, [], [], targets, new byte[targets.Length], [.. kinds[0]]), length);
            ranked.Movies.ShouldBe(sorted.Take(length));
            ranked.Scores.ShouldBe(ranked.Movies.Select(movie => scores[movie]));
            ranked.Ranks.ShouldBe(sorted.Take(length).Index().Where(place => targets.Contains(place.Item)).Select(place => place.Index + 1));
            ranked.BestRank.ShouldBe(1 + sorted.FindIndex(targets.Contains));
        }).Check(Config.QuickThrowOnFailure);
}
