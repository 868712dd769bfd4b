using Recs.Training.Scoring;

namespace Recs.Training.RatingFactors;

/// <summary>How a model of factors finds a person's part of a prediction: stars = offset + b(m) + b + w q(m)', w and b the person's.</summary>
internal unsafe interface IPersonFit
{
    /// <summary>Factors and biases of the movies.</summary>
    MovieSide Movies { get; }

    /// <summary>What every prediction starts from, in stars.</summary>
    float Offset { get; }

    /// <summary>Whether a movie that was only watched says anything.</summary>
    bool ReadsWatched { get; }

    /// <summary>Finds w and b.</summary>
    /// <param name="user">The person; without anything to go by they count as a typical one.</param>
    /// <param name="profile">Receives w, then b: one number more than the movies' width.</param>
    void Solve(in UserState user, float* profile);

    /// <summary>Takes b + w q(m)' apart.</summary>
    /// <param name="user">The person.</param>
    /// <param name="movie">Dense id of m.</param>
    /// <param name="shares">Receives one share per movie of the history, in stars; they sum to b + w q(m)' up to rounding.</param>
    void Explain(in UserState user, int movie, Span<float> shares);
}
