using Recs.Training.Trainings;

namespace Recs.Training.Tests.Trainings;

public class FitThreadTests
{
    [Fact]
    public async Task A_fit_in_the_background_gives_way_and_so_do_the_threads_that_it_starts()
    {
        if (!OperatingSystem.IsLinux())
            return; // other systems have thread priorities of their own, which .NET sets
        var here = Niceness();
        var (own, child) = await FitThread.RunAsync(inBackground: true, () =>
        {
            var ofChild = 0;
            var helper = new Thread(() => ofChild = Niceness());
            helper.Start();
            helper.Join();
            return (Niceness(), ofChild);
        });
        (own, child).ShouldBe((Math.Max(here, 10), Math.Max(here, 10)));
        Niceness().ShouldBe(here);
        (await FitThread.RunAsync(inBackground: false, Niceness)).ShouldBe(here);
    }

    [Fact]
    public async Task What_a_fit_throws_reaches_whoever_waits()
        => await Should.ThrowAsync<InvalidDataException>(() => FitThread.RunAsync<int>(true, () => throw new InvalidDataException("no")));

    /// <summary>Field 19 of the thread's stat; the name in field 2 may hold blanks.</summary>
    private static int Niceness()
    {
        var stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16]);
    }
}
