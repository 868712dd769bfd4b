using System.Globalization;
using Recs.Training.Evaluating.Protocols;

namespace Recs.Training.Evaluating;

/// <summary>
/// Writes the judged predictions as CSV (<c>model,user,movie,actual,predicted</c> in stars, and <c>fold</c>, from 1, where there are several), so that anyone can recompute
/// RMSE and MAE: over all lines of a model, each counting alike.
/// </summary>
internal sealed class PredictionCsv
{
    private readonly TextWriter _target;
    private readonly bool _withFold;

    /// <summary>Starts with the header line.</summary>
    public PredictionCsv(TextWriter target, bool withFold)
    {
        (_target, _withFold) = (target, withFold);
        _target.Write($"model,user,movie,actual,predicted{(withFold ? ",fold" : "")}\n");
    }

    /// <summary>Writes a model's predictions of one fold. Ids hold no comma and no quote.</summary>
    /// <param name="model">Model name.</param>
    /// <param name="split">Who is judged.</param>
    /// <param name="fold">The fold, from 0.</param>
    /// <param name="predicted">Per person the stars of their targets, as judged: text that reads back to the same number.</param>
    public void Write(string model, Split split, int fold, float[][] predicted)
    {
        for (var person = 0; person < predicted.Length; person++)
        {
            var judged = split.People[person];
            var (user, end) = (split.Train.Users[judged.User], _withFold ? string.Create(CultureInfo.InvariantCulture, $",{fold + 1}\n") : "\n");
            for (var i = 0; i < predicted[person].Length; i++)
                _target.Write(string.Create(
                    CultureInfo.InvariantCulture, $"{model},{user},{split.Train.Movies[judged.Targets[i]]},{judged.TargetHalfStars[i] / 2.0},{predicted[person][i]:R}{end}"));
        }
    }
}
