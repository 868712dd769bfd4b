using Recs.Training.Evaluating.Protocols;

namespace Recs.Training.Evaluating.Figures;

/// <summary>
/// Errors of predicted ratings in stars, summed per user over all folds. RMSE is the square root of the mean over ratings of the squared error, MAE the mean of the
/// error without its sign: every rating counts alike, whoever gave it.
/// </summary>
/// <param name="Squared">Sum of squared errors of each judged user.</param>
/// <param name="Absolute">Sum of absolute errors of each judged user.</param>
/// <param name="Count">Ratings of each judged user.</param>
internal sealed record RatingErrors(double[] Squared, double[] Absolute, double[] Count)
{
    /// <summary>Root mean squared error.</summary>
    public double Rmse => Math.Sqrt(Squared.Sum() / Count.Sum());

    /// <summary>Mean absolute error.</summary>
    public double Mae => Absolute.Sum() / Count.Sum();

    /// <summary>Sums.</summary>
    /// <param name="users">Users of the data set.</param>
    /// <param name="folds">Per fold who was judged and the stars predicted for their targets.</param>
    public static RatingErrors Of(int users, IReadOnlyList<(IReadOnlyList<JudgedPerson> People, float[][] Predicted)> folds)
    {
        var (squared, absolute, count) = (new double[users], new double[users], new double[users]);
        foreach (var (people, predicted) in folds)
            for (var i = 0; i < people.Count; i++)
                for (var target = 0; target < predicted[i].Length; target++)
                {
                    var error = predicted[i][target] - (people[i].TargetHalfStars[target] / 2.0);
                    squared[people[i].User] += error * error;
                    absolute[people[i].User] += Math.Abs(error);
                    count[people[i].User]++;
                }

        int[] judged = [.. Enumerable.Range(0, users).Where(user => count[user] > 0)];
        return new(Array.ConvertAll(judged, u => squared[u]), Array.ConvertAll(judged, u => absolute[u]), Array.ConvertAll(judged, u => count[u]));
    }
}
