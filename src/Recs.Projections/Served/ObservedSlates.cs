namespace Recs.Projections.Served;

/// <summary>
/// How slates of somebody else's service (<c>recommendation_observed</c>) are counted: under a channel of their own, so that they never mix with ours, and by the server that
/// answered in the place of a model version, since what model it ran is not known.
/// </summary>
internal static class ObservedSlates
{
    /// <summary>Their channel.</summary>
    public const string Channel = "imported";
    /// <summary>Their model.</summary>
    public const string Model = "observed";

    private const int Ok = 200;

    /// <summary>Whether the answer was a slate; any other status is a failed request.</summary>
    public static bool IsSlate(in SlateBody body) => body.Status == Ok;
}
