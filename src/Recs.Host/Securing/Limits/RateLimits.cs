namespace Recs.Host.Securing.Limits;

/// <summary>Requests a minute that a caller may make; 0 for any number. A caller that was quiet for a minute may make them all at once.</summary>
internal sealed record RateLimits
{
    /// <summary>Without a token, per address (IPv6: per /64).</summary>
    public int Anonymous { get; init; } = 60;

    /// <summary>
    /// Slates without a token, per address, on top of <see cref="Anonymous"/>: each takes a scored request and shows what a person likes, so reading them in
    /// bulk must be slow. A person who looks at slates does not need one every two seconds.
    /// </summary>
    public int Recommend { get; init; } = 30;

    /// <summary>With a user's token, per subject.</summary>
    public int User { get; init; } = 600;

    /// <summary>With a service's token, per subject.</summary>
    public int Service { get; init; }

    /// <summary>With an admin's token, per subject.</summary>
    public int Admin { get; init; }

    /// <summary><c>/healthz</c>, <c>/readyz</c> and <c>/metrics</c> without a token, per address: apart from all others, so that a probe never starves.</summary>
    public int Probes { get; init; } = 6000;

    /// <summary>Refusals within a minute after which an address is blocked; 0 for never.</summary>
    public int BlockAfter { get; init; } = 30;

    /// <summary>How long an address is blocked.</summary>
    public TimeSpan BlockFor { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Callers that each limit remembers one by one; those beyond share one bucket, so memory is bounded.</summary>
    public int Remembered { get; init; } = 100_000;
}
