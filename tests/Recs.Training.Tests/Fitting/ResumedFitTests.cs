using Recs.Training.Fitting;

namespace Recs.Training.Tests.Fitting;

/// <summary>Every model that learns step by step: a fit that was interrupted ends with the same bytes as one that was not.</summary>
public class ResumedFitTests
{
    [Theory]
    [InlineData("svd")]
    [InlineData("svd-plus-plus")]
    [InlineData("nmf")]
    [InlineData("als")]
    [InlineData("bpr")]
    [InlineData("vae", "epochs")]
    public void A_fit_that_goes_on_from_a_checkpoint_gives_the_same_bytes(string model, string option = "iterations")
    {
        var data = GeneratedData.Interactions();
        using var whole = Fitted.Of(model, data, (option, "6"));
        var kept = new KeptAfterThree();
        Should.Throw<OperationCanceledException>(() => Fitted.Of(model, data, new FitRun { Checkpoint = kept }, (option, "6")));
        kept.Stop = false;
        using var resumed = Fitted.Of(model, data, new FitRun { Checkpoint = kept }, (option, "6"));
        resumed.ContentHash.ShouldBe(whole.ContentHash);
    }

    private sealed class KeptAfterThree : IFitCheckpoint
    {
        private KeptFit? _kept;
        public bool Stop { get; set; } = true;
        public KeptFit? Load() => _kept;

        public void Offer(int iterations, IReadOnlyList<float[]> state)
        {
            _kept = new(iterations, [.. state.Select(a => a.ToArray())]);
            if (Stop && iterations == 3)
                throw new OperationCanceledException();
        }
    }
}
