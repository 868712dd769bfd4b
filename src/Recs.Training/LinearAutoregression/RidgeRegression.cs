using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Training.LinearAutoregression;

internal static class RidgeRegression
{
    public static Matrix Solve(Histories histories, int movies, float[] decay, double ridge, FitRun run)
        => throw new NotImplementedException();
}
