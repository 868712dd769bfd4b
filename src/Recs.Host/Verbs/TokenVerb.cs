using System.CommandLine;
using System.Globalization;
using Recs.Contracts;
using Recs.Contracts.Callers;
using Recs.Host.CommandLine;
using Recs.Host.Configuring;
using Recs.Host.Reporting;
using Recs.Host.Securing;
using Recs.Host.Securing.Tokens;

namespace Recs.Host.Verbs;

/// <summary><c>recs token</c>: a bearer token, signed with the secret that the service checks with.</summary>
internal static class TokenVerb
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    private static readonly Option<string> Role = new("--role")
    {
        HelpName = "ROLE",
        DefaultValueFactory = _ => CallerRoles.User,
        Description = $"What the bearer may do: {CallerRoles.User} (own data only), {CallerRoles.Service} (anybody's data), {CallerRoles.Admin} (everything); several joined by commas.",
    };

    private static readonly Option<string> User = new("--user") { HelpName = "ID", Description = "Whose token: a user id; for a service or an admin a name (default: the role)." };
    private static readonly Option<string> Ttl = new("--ttl") { HelpName = "TIME", DefaultValueFactory = _ => "8h", Description = "How long it is valid: a number and s, m, h or d; at most 366d." };

    public static Command Create(Terminal terminal)
        => new Verb("token", "Print a bearer token for the service of the same home, or of the same --jwt-secret-file.")
        {
            Examples = ["token --user 42", "token --role service --ttl 30d", "token --role admin --user operator --json -"],
            Options = { Role, User, Ttl, Flags.Of(Setting.JwtSecretFile), Flags.Of(Setting.JwtIssuer), Flags.Of(Setting.JwtAudience), Flags.Json() },
        }.Does(terminal, (run, _) => Task.FromResult(Print(run)));

    private static int Print(Run run)
    {
        var (roles, lifetime) = (Roles(run.Get(Role)!), Lifetime(run.Get(Ttl)!));
        var subject = run.Get(User) ?? (roles.Contains(CallerRoles.User) ? throw new UsageException("a user's token needs --user ID.") : roles[^1]);
        if (!EntityId.IsValid(subject))
            throw new UsageException($"--user '{subject}' is not an id: {EntityId.Rule}.");
        var options = SecuritySettings.Of(run.Settings);
        var path = options.SecretFile
            ?? throw new UsageException($"this service checks tokens with the keys of {options.JwksAddress}, so only whoever holds their private halves makes them. For tokens of its own also give --jwt-secret-file.");
        if (run.Settings[Setting.JwtSecretFile].Length == 0 && SecretFile.Create(path))
            run.Terminal.Error.WriteLine($"recs: no secret was configured, so one was made in {path}; 'recs up' on that home uses it.");
        var issued = options.Clock.GetUtcNow();
        var token = IssueToken.Sign(SecretFile.Read(path), subject, roles, issued, lifetime, options.Issuer, options.Audience);
        if (run.JsonTarget is null)
            run.Terminal.Say(token);
        run.Terminal.Report(run.JsonTarget, new { token, subject, roles, expiresAt = issued + lifetime });
        return ExitCode.Done;
    }

    private static string[] Roles(string text)
    {
        var roles = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().ToArray();
        return roles.Length > 0 && roles.All(role => CallerRoles.All.Contains(role))
            ? roles
            : throw new UsageException($"--role '{text}' is not among {string.Join(", ", CallerRoles.All)}, or some of them joined by commas.");
    }

    private static TimeSpan Lifetime(string text)
    {
        var unit = text.Length > 0 ? text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 } : 0;
        return unit > 0 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count > 0 && (long)count * unit is var seconds && seconds <= Longest.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"--ttl '{text}' is not a time such as 90s, 30m, 8h or 30d, at most {Longest.TotalDays:0}d.");
    }
}
