using Recs.Training.Fitting;
using Recs.Training.Reporting;

namespace Recs.Training.Tests.Reporting;

public sealed class PublishedFiguresTests
{
    [Fact]
    public void Each_stands_beside_a_model_that_there_is()
        => PublishedFigures.All.Select(f => f.Beside).OfType<string>().Distinct().ShouldBeSubsetOf(Recommenders.All.Select(r => r.Name));

    [Theory]
    [InlineData("neural CF", "neural-cf")]
    [InlineData("SASRec", "sasrec")]
    public void A_network_of_others_stands_beside_its_own_kind(string theirs, string ours)
        => PublishedFigures.All.Where(f => f.Model.StartsWith(theirs, StringComparison.Ordinal)).Select(f => f.Beside).Distinct().ShouldBe([ours]);
}
