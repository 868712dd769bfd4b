namespace Recs.Contracts.Topics;

/// <summary>Names of the topics below one prefix.</summary>
/// <param name="Prefix">Such as <c>recs</c>; letters, digits and <c>. _ -</c>.</param>
public sealed record TopicNames(string Prefix)
{
    /// <summary>Prefix if nobody says otherwise.</summary>
    public const string DefaultPrefix = "recs";

    /// <summary>In: minutes of movies that were watched.</summary>
    public string Watch => Prefix + ".watch";
    /// <summary>In: ratings.</summary>
    public string Rate => Prefix + ".rate";
    /// <summary>In: raw lines of a movielog.</summary>
    public string Movielog => Prefix + ".movielog";
    /// <summary>Out: <see cref="RecoRequestMessage"/>.</summary>
    public string RecoRequests => Prefix + ".reco_requests";
    /// <summary>Out: <see cref="RecoResponseMessage"/>.</summary>
    public string RecoResponses => Prefix + ".reco_responses";
    /// <summary>Out: <see cref="UserInteractionMessage"/>.</summary>
    public string UserInteractions => Prefix + ".user_interactions";
    /// <summary>Out: <see cref="ModelMetricMessage"/>.</summary>
    public string ModelMetrics => Prefix + ".model_metrics";
    /// <summary>Out: <see cref="AbTestMessage"/>.</summary>
    public string AbTestEvents => Prefix + ".ab_test_events";
    /// <summary>What came in and could not be read, as it was, with the reason in a header.</summary>
    public string DeadLetter => Prefix + ".dead_letter";
}
