namespace Recs.Training.Reranking;

/// <summary>
/// Chooses a list out of candidates, one after the other, each the best beside those before it. Pure: what was chosen before leaves no trace. All arithmetic is in
/// double precision, by operations that round the same way everywhere. Reuses its memory, so one thread at a time.
/// </summary>
internal interface IReranker
{
    /// <summary>Chooses. Of candidates that are equally good the one with the better score comes first, then the lower movie id: the order in which they stand.</summary>
    /// <param name="candidates">Candidates, and what is known of them and of the person.</param>
    /// <param name="weight">What the re-ranker counts against relevance, above 0 and at most 1.</param>
    /// <param name="chosen">Receives the candidates' numbers, the first of the list first; at most as long as there are candidates.</param>
    void Choose(Candidates candidates, double weight, Span<int> chosen);
}
