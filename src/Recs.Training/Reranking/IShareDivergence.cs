namespace Recs.Training.Reranking;

/// <summary>How far the mixture of a growing list is from that of a history.</summary>
internal interface IShareDivergence
{
    /// <summary>Begins an empty list.</summary>
    /// <param name="candidates">What may come into it.</param>
    /// <param name="kinds">Receives a number per candidate, the same for those that add the same to the mixture.</param>
    /// <returns>How many kinds there are: the numbers are less.</returns>
    int Begin(Candidates candidates, Span<int> kinds);

    /// <summary>The divergence if the next movie were of this kind; 0 whatever it is if the history says nothing.</summary>
    double With(int kind);

    /// <summary>The next movie is of this kind.</summary>
    void Add(int kind);
}
