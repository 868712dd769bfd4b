using System.Security.Claims;

namespace Recs.Contracts.Callers;

/// <summary>What a token lets its bearer do: claim <c>role</c>.</summary>
public static class CallerRoles
{
    /// <summary>A person: reads and writes only what is their own. The token's subject is the user id.</summary>
    public const string User = "user";
    /// <summary>Another program: reads and writes on behalf of anybody.</summary>
    public const string Service = "service";
    /// <summary>An operator: a service that may also decide about models, training and everything else.</summary>
    public const string Admin = "admin";
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [User, Service, Admin];
}

/// <summary>Names of the authorization policies that routes ask for.</summary>
public static class AccessPolicies
{
    /// <summary>Anybody with a valid token; the route checks itself whose data it is (<see cref="Caller.MayActFor"/>).</summary>
    public const string Caller = "caller";
    /// <summary>A service or an admin.</summary>
    public const string Trusted = "trusted";
    /// <summary>An admin.</summary>
    public const string Admin = "admin";
}

/// <summary>What the authenticated principal of a request says about its caller.</summary>
public static class Caller
{
    /// <summary>Claim that holds a role; there may be several.</summary>
    public const string RoleClaim = "role";
    /// <summary>Claim that holds the subject: a user id, or a program's name.</summary>
    public const string SubjectClaim = "sub";

    /// <summary>Makes the principal of an authenticated caller.</summary>
    /// <param name="subject">A user id, or a program's name.</param>
    /// <param name="roles">Of <see cref="CallerRoles"/>; with none the caller is known but may do nothing that needs a role.</param>
    public static ClaimsPrincipal Of(string subject, params IEnumerable<string> roles)
        => new(new ClaimsIdentity([new(SubjectClaim, subject), .. roles.Select(role => new Claim(RoleClaim, role))], "Bearer", SubjectClaim, RoleClaim));

    /// <summary>Whether a valid token came with the request (or the service is a demo, where everybody is known).</summary>
    public static bool IsKnown(this ClaimsPrincipal caller) => caller.Identity is { IsAuthenticated: true };

    /// <summary>Who calls; null for an anonymous caller.</summary>
    public static string? Subject(this ClaimsPrincipal caller) => caller.FindFirst(SubjectClaim)?.Value;

    /// <summary>Whether the caller has the role.</summary>
    public static bool Has(this ClaimsPrincipal caller, string role) => caller.HasClaim(RoleClaim, role);

    /// <summary>A service or an admin.</summary>
    public static bool IsTrusted(this ClaimsPrincipal caller) => caller.Has(CallerRoles.Service) || caller.Has(CallerRoles.Admin);

    /// <summary>Whether the caller may read and write what belongs to the user: the user itself, a service or an admin.</summary>
    public static bool MayActFor(this ClaimsPrincipal caller, string userId)
        => caller.IsTrusted() || (caller.Has(CallerRoles.User) && string.Equals(caller.Subject(), userId, StringComparison.Ordinal));
}
