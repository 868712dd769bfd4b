namespace Recs.Training.Evaluating.Protocols;

/// <summary>Every protocol that there is.</summary>
public static class ProtocolNames
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> All { get; } = ["leave-last-out", "temporal", "random", "users"];

    /// <summary>The protocol of a name.</summary>
    /// <param name="name">One of <see cref="All"/>.</param>
    /// <param name="folds">Folds of <c>random</c>; the others have none.</param>
    /// <exception cref="ArgumentException">There is none of that name, or it has no folds.</exception>
    public static IProtocol Named(string name, int folds = 1) => name switch
    {
        "random" => new RandomRatings(folds),
        _ when folds != 1 && All.Contains(name) => throw new ArgumentException($"The protocol '{name}' has no folds; only 'random' has."),
        "leave-last-out" => new LeaveLastOut(),
        "temporal" => new Temporal(),
        "users" => new HeldOutUsers(),
        _ => throw new ArgumentException($"Unknown protocol '{name}'. Protocols: {string.Join(", ", All)}."),
    };
}
