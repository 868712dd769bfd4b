namespace Recs.Training.Fitting;

/// <summary>What is learned is no longer a number: the fit stops, and no version comes of it.</summary>
public sealed class DivergedException : Exception
{
    /// <summary>Says when it happened.</summary>
    /// <param name="phase">What the fit was doing.</param>
    /// <param name="iteration">Iterations done, from 1.</param>
    /// <param name="loss">The loss after it.</param>
    public DivergedException(string phase, int iteration, double loss)
        : base($"The fit diverged: its loss was {loss} after iteration {iteration} of '{phase}'. Lower the learning rate or raise the regularization.")
    {
    }
}
