using Recs.Training.Fitting;

namespace Recs.Training.Tests.Fitting;

public class IterationsTests
{
    [Fact]
    public void A_fit_that_was_interrupted_goes_on_and_ends_with_the_same_state()
    {
        var (whole, checkpoint) = (new float[1], new Kept());
        Iterations.Run(new FitRun(), "learn", 5, [whole], i => Learn(whole, i));

        var interrupted = new float[1];
        Should.Throw<OperationCanceledException>(() => Iterations.Run(new FitRun { Checkpoint = checkpoint }, "learn", 5, [interrupted], i => i == 3 ? throw new OperationCanceledException() : Learn(interrupted, i)));
        var resumed = new float[1];
        var done = new List<int>();
        Iterations.Run(new FitRun { Checkpoint = checkpoint }, "learn", 5, [resumed], i =>
        {
            done.Add(i);
            return Learn(resumed, i);
        });
        done.ShouldBe([3, 4]);
        resumed.ShouldBe(whole);
    }

    [Fact]
    public void A_checkpoint_of_another_shape_is_not_used()
    {
        var (state, done) = (new float[2], new List<int>());
        Iterations.Run(new FitRun { Checkpoint = new Kept { Last = new(1, [new float[1]]) } }, "learn", 2, [state], i =>
        {
            done.Add(i);
            return 0;
        });
        done.ShouldBe([0, 1]);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_loss_that_is_no_number_stops_the_fit(double loss)
        => Should.Throw<DivergedException>(() => Iterations.Run(new FitRun(), "learn", 5, [], i => i == 2 ? loss : 1)).Message.ShouldContain("iteration 3 of 'learn'");

    private static double Learn(float[] state, int iteration) => state[0] = (state[0] * 3) + iteration + 1;

    private sealed class Kept : IFitCheckpoint
    {
        public KeptFit? Last { get; set; }
        public KeptFit? Load() => Last;

        public void Offer(int iterations, IReadOnlyList<float[]> state) => Last = new(iterations, [.. state.Select(a => a.ToArray())]);
    }
}
