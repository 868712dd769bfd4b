using System.Diagnostics.Metrics;
using System.Security.Claims;
using Recs.Contracts.Callers;

namespace Recs.Host.Securing.Limits;

/// <summary>A request that must wait.</summary>
/// <param name="Policy">Which limit: anonymous, recommend, user, service, admin, probes or blocked.</param>
/// <param name="Wait">Seconds before another try may do.</param>
internal readonly record struct LimitRefusal(string Policy, double Wait);

/// <summary>Decides which limit a request falls under and whether it still fits.</summary>
internal sealed class RequestLimits(RateLimits limits, TimeProvider clock)
{
    private static readonly Meter Meter = new("Recs.Host");
    private static readonly Counter<long> RateLimited = Meter.CreateCounter<long>("recs_rate_limited_total", description: "Requests refused by a rate limit.");

    private readonly long started = clock.GetTimestamp();
    private readonly Budget<UInt128> anonymous = new(limits.Anonymous, limits.Remembered);
    private readonly Budget<UInt128> recommend = new(limits.Recommend, limits.Remembered);
    private readonly Budget<UInt128> probes = new(limits.Probes, limits.Remembered);
    private readonly Budget<string> user = new(limits.User, limits.Remembered);
    private readonly Budget<string> service = new(limits.Service, limits.Remembered);
    private readonly Budget<string> admin = new(limits.Admin, limits.Remembered);
    private readonly RepeatOffenders offenders = new(limits);

    /// <summary>Takes one request from the caller's budget.</summary>
    /// <param name="caller">The caller; null for one without a valid token.</param>
    /// <param name="address">Where the request comes from.</param>
    /// <param name="path">What it asks for.</param>
    /// <returns>Null if it may go on.</returns>
    public LimitRefusal? Take(ClaimsPrincipal? caller, UInt128 address, PathString path)
    {
        var trusted = caller is not null && caller.IsTrusted();
        if (trusted && limits is { Service: 0, Admin: 0 })
            return null; // the way of most requests
        var now = clock.GetElapsedTime(started).TotalSeconds;
        var refusal = trusted ? OfTrusted(caller!, now) : IsProbe(path) ? Of("probes", probes.Take(address, now)) : OfOthers(caller, address, path, now);
        if (refusal is { Policy: var policy })
            RateLimited.Add(1, new KeyValuePair<string, object?>("policy", policy));
        return refusal;
    }

    /// <summary>A trusted caller is never blocked for what others do at its address.</summary>
    private LimitRefusal? OfTrusted(ClaimsPrincipal caller, double now)
    {
        var subject = caller.Subject() ?? "";
        return caller.Has(CallerRoles.Admin) ? Of("admin", admin.Take(subject, now)) : Of("service", service.Take(subject, now));
    }

    private LimitRefusal? OfOthers(ClaimsPrincipal? caller, UInt128 address, PathString path, double now)
    {
        if (offenders.BlockedFor(address, now) is > 0 and var left)
            return new("blocked", left);
        var refusal = caller is not null ? Of("user", user.Take(caller.Subject() ?? "", now))
            : Of("anonymous", anonymous.Take(address, now)) ?? (IsRecommend(path) ? Of("recommend", recommend.Take(address, now)) : null);
        return refusal is not null && offenders.Count(address, now) ? new("blocked", limits.BlockFor.TotalSeconds) : refusal;
    }

    private static LimitRefusal? Of(string policy, double wait) => wait > 0 ? new(policy, wait) : null;

    private static bool IsRecommend(PathString path) => path.StartsWithSegments("/recommend", StringComparison.OrdinalIgnoreCase);

    private static bool IsProbe(PathString path) => path.Value is { } text
        && (text.Equals("/healthz", StringComparison.OrdinalIgnoreCase) || text.Equals("/readyz", StringComparison.OrdinalIgnoreCase) || text.Equals("/metrics", StringComparison.OrdinalIgnoreCase));
}
