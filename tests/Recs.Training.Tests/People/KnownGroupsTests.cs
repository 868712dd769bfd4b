using Recs.Training.Neural;
using Recs.Training.People;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.People;

public class KnownGroupsTests
{
    private static readonly KnownGroups Groups = KnownGroups.Of(
        [.. Enumerable.Repeat(new Demographics("F", 25, "7"), 20), .. Enumerable.Repeat(new Demographics("M", 56, null), 30), .. Enumerable.Repeat(new Demographics("X", null, "8"), 19)]);

    [Fact]
    public void A_person_has_a_row_for_gender_age_and_occupation_and_no_two_share_one()
        => RowsOf(new("F", 25, "7")).Concat(RowsOf(new("M", 56, null))).Concat(RowsOf(default)[..2]).Distinct().Count().ShouldBe(8);

    [Fact]
    public void What_few_people_have_counts_as_unknown_like_what_nobody_had()
    {
        RowsOf(new("X", null, "8")).ShouldBe(RowsOf(default));
        RowsOf(new("never seen", -3, "")).ShouldBe(RowsOf(default));
    }

    [Fact]
    public void Each_of_the_three_can_be_hidden_by_itself()
    {
        int[] known = RowsOf(new("F", 25, "7")), unknown = RowsOf(default);
        RowsOf(new("F", 25, "7"), hidden: 1).ShouldBe([unknown[0], known[1], known[2]]);
        RowsOf(new("F", 25, "7"), hidden: 2).ShouldBe([known[0], unknown[1], known[2]]);
        RowsOf(new("F", 25, "7"), hidden: 4).ShouldBe([known[0], known[1], unknown[2]]);
    }

    private static int[] RowsOf(Demographics person, int hidden = 0)
    {
        var entries = new BagEntries();
        entries.Begin(1);
        Groups.AddRow(person, hidden, entries);
        int[] rows = entries.Rows.Which[..KnownGroups.PerPerson];
        rows.ShouldAllBe(row => row >= 0 && row < Groups.Rows);
        return rows;
    }
}
