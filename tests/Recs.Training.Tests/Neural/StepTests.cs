using Recs.Training.Neural;
using Recs.Training.Numerics;

namespace Recs.Training.Tests.Neural;

public class StepTests
{
    public static TheoryData<string> Names => [.. Steps.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradients_of_a_step_are_the_slopes_of_differences(string step) => Steps.All[step]().ShouldHaveTheSlopesOfDifferences();

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_instruction_set_gives_the_same_bytes_forwards_and_backwards(string step)
    {
        var under = Steps.All[step]();
        var learned = InstructionSets.Supported.Select(isa => under.Learn(isa)).ToList();
        learned.ShouldAllBe(l => Bits(l.Loss) == Bits(learned[0].Loss));
        foreach (var (_, gradients) in learned)
            gradients.Select(BitConverter.SingleToInt32Bits).ShouldBe(learned[0].Gradients.Select(BitConverter.SingleToInt32Bits));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_are_added_to_what_is_there(string step)
    {
        var under = Steps.All[step]();
        var (fresh, added) = (under.Learn(Isa.Plain).Gradients, under.Learn(Isa.Plain, before: 3).Gradients);
        for (var i = 0; i < fresh.Length; i++)
            added[i].ShouldBe(fresh[i] + 3, 1e-4 * (1 + Math.Abs(fresh[i])));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_tape_that_does_not_learn_computes_the_same_unless_something_is_dropped(string step)
    {
        var under = Steps.All[step]();
        foreach (var isa in InstructionSets.Supported)
            (Bits(under.Compute(isa)) == Bits(under.Learn(isa).Loss)).ShouldBe(!step.Contains("dropout") && step != "a block", $"{isa}");
    }

    [Fact]
    public void A_gradient_that_lacks_a_term_is_found_out()
    {
        var forgetful = StepUnderTest.Step((tape, x) => Sum.Apply(tape, x[0], Constant(tape, x[1])), 1, (2, 16), (2, 16));
        Should.Throw<ShouldAssertException>(forgetful.ShouldHaveTheSlopesOfDifferences).Message.ShouldContain("argument 1");
    }

    [Fact]
    public unsafe void Matrices_that_do_not_fit_are_refused()
    {
        var values = GC.AllocateArray<float>(1_024, pinned: true);
        fixed (float* first = values)
        {
            using var tape = new Tape(Isa.Plain, first);
            Node two = tape[new(0, 2, 16)], three = tape[new(0, 3, 16)], wide = tape[new(0, 1, 32)], square = tape[new(0, 16, 16)];
            Action[] misfits =
            [
                () => Sum.Apply(tape, two, three),
                () => Product.Apply(tape, two, three),
                () => Dense.Apply(tape, wide, square, tape[new(0, 1, 16)]),
                () => Dense.Apply(tape, two, square, wide),
                () => LayerNorm.Apply(tape, two, wide, wide),
                () => Bags.Apply(tape, square, new([0, 1], [3]), onto: two),
                () => CausalAttention.Apply(tape, two, tape[new(0, 1, 16)], new([0, 2]), default, 0),
                () => CausalAttention.Apply(tape, tape[new(0, 2, 48)], tape[new(0, 1, 16)], new([0, 3]), default, 0),
                () => CatalogueLoss.Apply(tape, wide, square, wide, 16, new([0, 0], [], [])),
                () => CatalogueLoss.Apply(tape, two, square, tape[new(0, 1, 16)], 17, new([0, 0, 0], [], [])),
                () => CatalogueLoss.Apply(tape, two, square, wide, 17, new([0, 0, 0], [], [])),
            ];
            misfits.ShouldAllBe(misfit => Refused(misfit));
        }
    }

    private static bool Refused(Action misfit)
    {
        try
        {
            misfit();
            return false;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    private static unsafe Node Constant(Tape tape, Node x)
    {
        var copy = tape.Result(x.Rows, x.Columns);
        new Span<float>(x.Value, x.Count).CopyTo(new(copy.Value, x.Count));
        return copy;
    }

    private static long Bits(double number) => BitConverter.DoubleToInt64Bits(number);
}
