using FsCheck;
using FsCheck.Fluent;
using Recs.Commands.Importing;

namespace Recs.Commands.Tests.Importing;

public sealed class RatingOrderTests
{
    [Fact]
    public void Ratings_are_ordered_by_time_then_position_and_each_fact_stands_once()
    {
        var rows = from user in Gen.Choose(0, 3) from movie in Gen.Choose(0, 3) from half in Gen.Choose(9, 10) from time in Gen.Elements(0u, 1u, 2u, 65_535u, 65_536u, 131_072u, RatingFields.EndOfTime - 1) select (user, movie, half, time);

        Prop.ForAll(rows.ArrayOf().ToArbitrary(), input =>
        {
            var columns = new RatingColumns();
            foreach (var (user, movie, half, time) in input) columns.Add(user, movie, (byte)half, time);

            RatingOrder.Of(columns).ShouldBe(input.Select((row, i) => (row, i)).DistinctBy(r => r.row).OrderBy(r => r.row.time).Select(r => r.i));
        }).Check(Config.QuickThrowOnFailure);
    }
}
