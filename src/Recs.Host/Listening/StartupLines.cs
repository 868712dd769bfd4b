using Recs.Host.Composition;
using Recs.Host.Composition.Clocks;

namespace Recs.Host.Listening;

/// <summary>What a service says of itself once it listens.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Roles">What it runs.</param>
/// <param name="Database">Which database, without its password.</param>
/// <param name="Recording">Slates are appended to the log.</param>
/// <param name="Demo">Writes need no token.</param>
/// <param name="Model">Version that answers, or null.</param>
/// <param name="ModelTrouble">Why none answers, if the log names one.</param>
/// <param name="SpansTo">Collector of spans, or null.</param>
/// <param name="Topics">Kafka and what of it is consumed, or null.</param>
internal sealed record StartupLines(
    Uri Address, Roles Roles, string Database, bool Recording, bool Demo, string? Model, string? ModelTrouble, string? SpansTo, string? Topics = null)
{
    /// <summary>The simulated time in which the service lives; null in real time.</summary>
    public SimulatedTime? Clock { get; init; }

    /// <summary>Where the log is told to; null for nowhere.</summary>
    public string? RelaysTo { get; init; }

    /// <summary>The lines of a node.</summary>
    public static StartupLines Of(Uri address, NodeOptions options, string database, string? model, string? modelTrouble)
        => new(address, options.Roles, database, options.Serving.Record, options.Serving.Demo, model, modelTrouble, options.Observing.SpansTo, options.Consuming?.ToString()) { RelaysTo = options.RelaysTo };

    /// <summary>The first line, as soon as it listens.</summary>
    public static string Listening(Uri address) => $"Listening on {address} (ready: {address}readyz, API: {address}swagger). Ctrl-C stops.";

    /// <summary>The others, once it is known what answers.</summary>
    public IEnumerable<string> Lines()
    {
        yield return $"  roles      {string.Join(", ", RoleNames.Of(Roles))}";
        yield return $"  database   {Database}";
        if (Clock is not null)
            yield return $"  clock      SIMULATED, {Clock}: every slate is of channel 'simulated'";
        if (Demo)
            yield return "  DEMO       writes and admin routes are answered without a token, for this machine only";
        if (Roles.HasFlag(Roles.Queries))
        {
            yield return Recording
                ? "  recording  on: every slate is in the log before it is answered"
                : "  recording  OFF: slates are not appended to the log";
            yield return (Model, ModelTrouble) switch
            {
                ({ } model, null) => $"  model      {model} answers",
                ({ } model, { } trouble) => $"  model      {model} answers, but {trouble}",
                (null, { } trouble) => $"  model      NONE answers: {trouble}",
                _ => "  model      NONE answers yet. Train one and put it into production: 'recs train linear-autoregression', then 'recs models promote linear-autoregression'",
            };
        }
        yield return SpansTo is null ? "  traces     off (--otlp URL sends them to a collector)" : $"  traces     to {SpansTo}";
        if (Topics is not null)
            yield return $"  kafka      consuming {Topics}";
        if (RelaysTo is not null)
            yield return $"  relay      tells the log to {RelaysTo}, or stands by while another node does";
        else if (Roles == Roles.Relay)
            yield return "  relay      OFF: no broker is named (--kafka HOST:PORT)";
        if (!Roles.HasFlag(Roles.Projections))
            yield return "  missing    projections: read models stand still unless another process runs them ('recs up --roles projections')";
    }
}
