using System.Globalization;
using Recs.Training.Reranking;

namespace Recs.Training.Evaluating;

/// <summary>A re-ranker whose lists are judged beside a model's own: <c>mmr:0.3</c> with every model, <c>ease+mmr:0.3</c> with one.</summary>
/// <param name="Model">Name of the model; null for every one.</param>
/// <param name="Choice">Re-ranker and weight.</param>
public sealed record RerankedModel(string? Model, RerankChoice Choice)
{
    /// <summary>Reads <c>name:weight</c> or <c>model+name:weight</c>.</summary>
    /// <exception cref="ArgumentException">It is not of that form, there is no such re-ranker, or the weight is out of range; whether the model is judged is for <see cref="EvaluationPlan.Check"/>.</exception>
    public static RerankedModel Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('+', 2) is [{ Length: > 0 } model, var choice] ? new(model, RerankChoice.Parse(choice)) : new(null, RerankChoice.Parse(text));
    }

    /// <summary>Whether it is meant for a model.</summary>
    public bool Covers(string model) => Model is null || Model == model;

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Model is null ? "" : Model + "+")}{Choice.Name}:{Choice.Weight}");
}
