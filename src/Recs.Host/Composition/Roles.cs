using Recs.Host.CommandLine;

namespace Recs.Host.Composition;

/// <summary>Parts of the service that a process can run.</summary>
[Flags]
internal enum Roles
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>Takes ratings, watches and the other commands, and the administration of models.</summary>
    Commands = 1,
    /// <summary>Serves slates and everything else that is read.</summary>
    Queries = 2,
    /// <summary>Folds the log into the read models: one leader per shard over all processes, the others stand by.</summary>
    Projections = 4,
    /// <summary>Carries out trainings that were asked for.</summary>
    Training = 8,
    /// <summary>Tells the log to Kafka, where a broker is named: one leader over all processes, the others stand by.</summary>
    Relay = 16,
    /// <summary>Everything in one process.</summary>
    All = Commands | Queries | Projections | Training | Relay,
}

/// <summary>Reads <c>--roles</c>.</summary>
internal static class RoleNames
{
    /// <summary>The roles of a comma-separated list, such as <c>queries,projections</c> or <c>all</c>.</summary>
    /// <exception cref="UsageException">One of them is not a role.</exception>
    public static Roles Parse(string text)
    {
        var roles = Roles.None;
        foreach (var name in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            roles |= Named(name) ?? throw new UsageException($"--roles '{text}' has the unknown role '{name}'. Roles: all, {string.Join(", ", Of(Roles.All))}.");
        return roles != Roles.None ? roles : throw new UsageException($"--roles names no role. Roles: all, {string.Join(", ", Of(Roles.All))}.");
    }

    /// <summary>Names of the roles, in lower case.</summary>
    public static IReadOnlyList<string> Of(Roles roles)
        => [.. Enum.GetValues<Roles>().Where(role => role is not (Roles.None or Roles.All) && roles.HasFlag(role)).Select(Name)];

    private static Roles? Named(string name)
        => Enum.GetValues<Roles>().Where(role => role != Roles.None && Name(role) == name).Select(role => (Roles?)role).FirstOrDefault();

    private static string Name(Roles role) => role.ToString().ToLowerInvariant();
}
