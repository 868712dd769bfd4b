using Recs.Host.Reporting;
using Recs.Host.Securing.Limits;
using Recs.Host.Securing.Tokens;

namespace Recs.Host.Securing;

/// <summary>What <c>recs up</c> says about who is let in; never a key.</summary>
internal static class SecurityReport
{
    /// <summary>Says which keys check tokens, what is missing, and which limits hold.</summary>
    public static void Say(Terminal terminal, ITokenKeys keys, SecurityOptions options, bool demo)
    {
        terminal.Say(
            demo ? "Tokens: demo mode, whoever is on this machine may do everything without one"
            : keys.Any || keys.Trouble is not null ? $"Tokens: {keys.Description}{(keys.Trouble is { } trouble ? $" ({trouble})" : "")}"
            : $"Tokens: NO KEY, so writes and personal data answer 401. 'recs token' makes one in {options.SecretFile}, which this service then uses; or give --jwt-secret-file or --jwks-url");
        terminal.Say("Limits: " + Describe(options.Limits));
        if (options.CorsOrigins.Count > 0)
            terminal.Say("CORS: open to pages of " + string.Join(", ", options.CorsOrigins));
    }

    private static string Describe(RateLimits limits)
    {
        static string Of(int perMinute) => perMinute == 0 ? "no limit" : $"{perMinute}/min";
        return $"anonymous {Of(limits.Anonymous)} (slates {Of(limits.Recommend)}), user {Of(limits.User)}, service {Of(limits.Service)}, admin {Of(limits.Admin)}";
    }
}
