namespace Recs.Host.Configuring;

/// <summary>A setting: one name for flag (<c>--name</c>), environment (<c>RECS_NAME</c>) and <c>recs.json</c> (<c>"name"</c>).</summary>
/// <param name="Name">Lower case, words joined by a hyphen.</param>
/// <param name="Default">What holds if nobody says otherwise; empty for none.</param>
/// <param name="HelpName">What a value looks like.</param>
/// <param name="Description">One sentence.</param>
internal sealed record Setting(string Name, string Default, string HelpName, string Description)
{
    public static readonly Setting Home = new("home", ".recs", "DIR", "Folder of everything that Recs keeps: embedded database, model files, locks.");
    public static readonly Setting Db = new("db", "", "URL", "Use this PostgreSQL instead of the embedded one: postgres://user:password@host:5432/database or an Npgsql connection string.") { HoldsSecret = true };
    public static readonly Setting PostgresBin = new("postgres-bin", "", "DIR", "Folder with initdb, pg_ctl and postgres for the embedded database, instead of looking for them.");
    public static readonly Setting Bind = new("bind", "127.0.0.1", "ADDRESS", "Address to listen on. Others than this machine can reach only what is not loopback.");
    public static readonly Setting Port = new("port", "8080", "PORT", "Port to listen on; 0 takes a free one.");
    public static readonly Setting Record = new("record", "on", "on|off", "Append every served slate to the log before it is acknowledged. 'off' is for measuring only.");
    public static readonly Setting Demo = new("demo", "off", "on|off", "Answer writes and provenance without a token; on loopback only.");
    public static readonly Setting Roles = new("roles", "all", "ROLES", "Which parts of the service this process runs: all, or some of commands, queries, projections, training, joined by commas.");
    public static readonly Setting Log = new("log", "text", "text|json", "How log lines are written: text for people, or JSON objects, one per line, for programs.");
    public static readonly Setting Otlp = new("otlp", "", "URL", "Send traces to this OpenTelemetry collector, such as http://localhost:4318. OTEL_EXPORTER_OTLP_ENDPOINT is heeded too.");

    /// <summary>Every setting, in the order in which they are shown.</summary>
    public static readonly IReadOnlyList<Setting> All = [Home, Db, PostgresBin, Bind, Port, Record, Demo, Roles, Log, Otlp];

    /// <summary>True if the value may hold a password, which is then masked where it is shown.</summary>
    public bool HoldsSecret { get; init; }

    /// <summary>Environment variable.</summary>
    public string Variable => "RECS_" + Name.ToUpperInvariant().Replace('-', '_');
}
