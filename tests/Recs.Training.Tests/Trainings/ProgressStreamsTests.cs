using Recs.Training.Trainings;

namespace Recs.Training.Tests.Trainings;

public class ProgressStreamsTests
{
    [Fact]
    public void One_caller_has_at_most_sixteen_and_all_together_256()
    {
        var streams = new ProgressStreams();
        var own = Enumerable.Range(0, 16).Select(_ => streams.TryOpen("a")!).ToList();
        streams.TryOpen("a").ShouldBeNull();
        own[0].Dispose();
        own[0].Dispose();
        streams.TryOpen("a").ShouldNotBeNull();
        streams.TryOpen("a").ShouldBeNull();
        for (var i = 16; i < 256; i++)
            streams.TryOpen($"b{i}").ShouldNotBeNull();
        streams.TryOpen("c").ShouldBeNull();
    }
}
