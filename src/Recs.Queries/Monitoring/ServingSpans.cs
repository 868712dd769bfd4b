using System.Diagnostics;

namespace Recs.Queries.Monitoring;

/// <summary>Spans of serving, within those of the requests.</summary>
public static class ServingSpans
{
    /// <summary>Name of the source.</summary>
    public const string Name = "Recs.Queries";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>The scoring of a slate; null, at no cost, while nobody listens.</summary>
    internal static Activity? Score() => Source.StartActivity("score");
}
