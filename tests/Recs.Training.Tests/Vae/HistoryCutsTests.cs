using Recs.Training.Snapshots;
using Recs.Training.Vae;

namespace Recs.Training.Tests.Vae;

public class HistoryCutsTests
{
    private const int Block = 4;
    private static readonly Histories People = Histories.Of(GeneratedData.Interactions(users: 20, movies: 200, perUser: 31));
    private static readonly HistoryCuts Cuts = new(People, [.. Enumerable.Range(0, People.Users)], user => People.Of(user).Length - (user % 2), new(1, 2));

    [Fact]
    public void In_as_many_epochs_as_a_block_has_places_every_place_of_a_full_block_is_cut_at_once()
    {
        var cuts = Enumerable.Range(0, Block).SelectMany(epoch => Cuts.Of(epoch, Block)).ToList();
        foreach (var user in Enumerable.Range(0, People.Users))
        {
            var learned = People.Of(user).Length - (user % 2);
            var full = (learned - 1) / Block * Block; // places in full blocks, the last of them the last movie that is told
            cuts.Where(cut => cut.User == user && cut.Length >= learned - full).Select(cut => cut.Length).Order().ShouldBe(Enumerable.Range(learned - full, full));
            cuts.Where(cut => cut.User == user).ShouldAllBe(cut => cut.Length >= 1 && cut.Length < learned);
        }
    }

    [Fact]
    public void Every_epoch_cuts_elsewhere_but_as_often()
    {
        List<HistoryCut> first = Cuts.Of(0, Block), second = Cuts.Of(1, Block);
        second.Count.ShouldBe(first.Count);
        second.ShouldNotBe(first);
    }
}
