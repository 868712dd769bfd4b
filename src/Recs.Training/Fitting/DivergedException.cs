namespace Recs.Training.Fitting;

/// <summary>What is learned is no longer a number: the fit stops, and no version comes of it.</summary>
public sealed class DivergedException(string phase, int iteration, double loss)
    : Exception($"The fit diverged: its loss was {loss} after iteration {iteration} of '{phase}'. Lower the learning rate or raise the regularization.");
