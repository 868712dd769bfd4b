using System.Collections.Concurrent;
using Recs.Training.Fitting;
using Recs.Training.Neural;
using Recs.Training.Numerics;

namespace Recs.Training.Tests.Neural;

public class GradientDescentTests
{
    [Fact]
    public void The_same_seed_gives_the_same_bytes_on_any_instruction_set_and_any_number_of_threads()
    {
        var trained = (from isa in InstructionSets.Supported from threads in new[] { 1, 3 } select Train(new(threads, isa), new Lessons(6))).ToList();
        foreach (var (loss, state) in trained)
        {
            BitConverter.DoubleToInt64Bits(loss).ShouldBe(BitConverter.DoubleToInt64Bits(trained[0].Loss));
            state.AsSpan().SequenceEqual(trained[0].State).ShouldBeTrue();
        }
    }

    [Fact]
    public void What_is_learned_lowers_the_loss()
    {
        using var descent = new GradientDescent(Lessons.Layout.Draw(new(2, 1)), new(0.02));
        var lessons = new Lessons(20, repeat: true);
        var first = descent.Run(new(1), lessons, 0, _ => 1);
        descent.Run(new(1), lessons, 20, _ => 1).ShouldBeLessThan(0.8 * first);
    }

    [Fact]
    public void The_steps_are_told_one_by_one_and_the_loss_is_their_mean()
    {
        using var descent = new GradientDescent(Lessons.Layout.Draw(new(2, 1)), new(0.02));
        List<(int Step, double Loss)> told = [];
        var mean = descent.Run(new(3), new Lessons(5), 0, _ => 1, (step, loss) => told.Add((step, loss)));
        told.Select(t => t.Step).ShouldBe([1, 2, 3, 4, 5]);
        mean.ShouldBe(told.Average(t => t.Loss), 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_cancelled_epoch_ends_after_a_whole_step_and_leaves_no_thread(int threads)
    {
        using var cancel = new CancellationTokenSource();
        var lessons = new Lessons(6) { Before = (step, _) => { if (step == 2) cancel.Cancel(); } };
        using var descent = new GradientDescent(Lessons.Layout.Draw(new(2, 1)), new(0.02));
        Should.Throw<OperationCanceledException>(() => descent.Run(new(threads, Cancel: cancel.Token), lessons, 0, Lessons.Share));
        lessons.ShouldHaveLeftNoThread();
        var two = Train(new(1), new Lessons(2)).State;
        var three = Train(new(1), new Lessons(3)).State;
        var state = descent.State.SelectMany(part => part).ToArray();
        (state.AsSpan().SequenceEqual(two) || state.AsSpan().SequenceEqual(three)).ShouldBeTrue(); // all parts of a step may have begun before it was cancelled
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_failure_in_a_part_reaches_the_caller_and_leaves_no_thread(int threads)
    {
        var lessons = new Lessons(6) { Before = (step, part) => { if ((step, part) == (3, 2)) throw new InvalidOperationException("broken"); } };
        using var descent = new GradientDescent(Lessons.Layout.Draw(new(2, 1)), new(0.02));
        Should.Throw<InvalidOperationException>(() => descent.Run(new(threads), lessons, 0, Lessons.Share)).Message.ShouldBe("broken");
        lessons.ShouldHaveLeftNoThread();
        descent.State.SelectMany(part => part).ToArray().AsSpan().SequenceEqual(Train(new(1), new Lessons(3)).State).ShouldBeTrue();
    }

    [Fact]
    public void The_state_is_all_that_a_training_needs_to_go_on()
    {
        var whole = Train(new(1), new Lessons(6)).State;
        using var first = new GradientDescent(Lessons.Layout.Draw(new(2, 1)), new(0.02));
        first.Run(new(1), new Lessons(3), 0, Lessons.Share);
        using var second = new GradientDescent(Lessons.Layout.Draw(new(9, 9)), new(0.02));
        foreach (var (from, to) in first.State.Zip(second.State))
            from.CopyTo(to, 0);
        second.Run(new(2), new Lessons(3, from: 3), 3, Lessons.Share);
        second.State.SelectMany(part => part).ToArray().AsSpan().SequenceEqual(whole).ShouldBeTrue();
    }

    private static (double Loss, float[] State) Train(FitRun run, Lessons lessons)
    {
        using var descent = new GradientDescent(Lessons.Layout.Draw(new(2, 1)), new(0.02));
        var loss = descent.Run(run, lessons, 0, Lessons.Share);
        return (loss, [.. descent.State.SelectMany(part => part)]);
    }

    /// <summary>Rows of one movie each, the next one to be told; the last part of each step is empty.</summary>
    private sealed class Lessons(int steps, int from = 0, bool repeat = false) : IEpoch
    {
        private const int Movies = 21;
        private const int RowsOfAPart = 9;
        private static readonly ParameterLayout Layers = new();
        private static readonly ParameterSlot Table = Layers.Add(Movies, 16, spread: 0.4f), Bias = Layers.Add(1, 32), Map = Layers.AddMap(16, 16), MapBias = Layers.Add(1, 16);
        private readonly ConcurrentDictionary<Thread, bool> _threads = [];

        public static ParameterLayout Layout => Layers;
        public Action<int, int> Before { get; init; } = (_, _) => { };
        public int Steps => steps;

        public static double Share(long step) => 1 / (1 + (0.1 * step));

        public double Loss(Tape tape, int step, int part)
        {
            _threads[Thread.CurrentThread] = true;
            Before(step, part);
            if (part == GradientDescent.Parts - 1)
                return 0;
            var number = repeat ? 0 : from + step;
            var places = Enumerable.Range(0, RowsOfAPart).Select(row => (number * 31) + (part * RowsOfAPart) + row).ToArray();
            var x = Bags.Apply(tape, tape[Table], new([.. Enumerable.Range(0, RowsOfAPart + 1)], [.. places.Select(place => place * 5 % Movies)]));
            x = Dropout.Apply(tape, Activation<Gelu>.Apply(tape, Dense.Apply(tape, x, tape[Map], tape[MapBias])), new(new(4, 4), 0.1), (ulong)((number * 100) + (part * 10)));
            return CatalogueLoss.Apply(tape, x, tape[Table], tape[Bias], Movies,
                new([.. Enumerable.Range(0, RowsOfAPart + 1)], [.. places.Select(place => ((place * 5) + 1) % Movies)], [.. Enumerable.Repeat(1f, RowsOfAPart)]));
        }

        public void ShouldHaveLeftNoThread() => _threads.Keys.Where(thread => thread != Thread.CurrentThread && thread.IsAlive).ShouldBeEmpty();
    }
}
