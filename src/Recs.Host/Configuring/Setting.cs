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
    public static readonly Setting Rerank = new("rerank", "", "NAME:WEIGHT", "Choose the slates of those who ask for no other re-ranker so: mmr, dpp, genre-calibrated or popularity-calibrated, with a weight above 0 and at most 1, such as dpp:0.3. Without it the best scores come first.");
    public static readonly Setting Demo = new("demo", "off", "on|off", "Treat a caller without a token as a service and an admin; on loopback only.");
    public static readonly Setting Roles = new("roles", "all", "ROLES", "Which parts of the service this process runs: all, or some of commands, queries, projections, training, relay, joined by commas.");
    public static readonly Setting TrainingThreads = new("training-threads", "auto", "N", "Threads of a fit that the training role carries out; auto is half the processors.");
    public static readonly Setting Log = new("log", "text", "text|json", "How log lines are written: text for people, or JSON objects, one per line, for programs.");
    public static readonly Setting Otlp = new("otlp", "", "URL", "Send traces to this OpenTelemetry collector, such as http://localhost:4318. OTEL_EXPORTER_OTLP_ENDPOINT is heeded too.");
    public static readonly Setting ImageDigest = new("image-digest", "", "SHA256", "Digest of the container image that runs; every slate's provenance tells.");
    public static readonly Setting Clock = new("clock", "", "START@SPEED", "Live in a simulated time that begins at START and runs at SPEED times real time, such as 2015-01-01T00:00:00Z@1000; 'real' ends it. Without it the log's own time goes on.");
    public static readonly Setting JwtSecretFile = new("jwt-secret-file", "", "FILE", "File with the secret of HS256 tokens, at least 32 bytes; read again when it changes. Without it and --jwks-url: the one that 'recs token' makes in the home.");
    public static readonly Setting JwksUrl = new("jwks-url", "", "URL", "Address of the public keys (JWKS) of RS256 and ES256 tokens; https, or http on this machine.") { HoldsSecret = true };
    public static readonly Setting JwksMaxAge = new("jwks-max-age", "300", "SECONDS", "Fetch the public keys again when they are older.");
    public static readonly Setting JwksMaxStale = new("jwks-max-stale", "3600", "SECONDS", "While fetching fails, the public keys hold for so long.");
    public static readonly Setting JwtIssuer = new("jwt-issuer", "", "TEXT", "Accept only tokens with this 'iss'.");
    public static readonly Setting JwtAudience = new("jwt-audience", "", "TEXT", "Accept only tokens with this 'aud'.");
    public static readonly Setting LimitAnonymous = new("limit-anonymous", "60", "N", "Requests a minute without a token, per address; 0 for any number.");
    public static readonly Setting LimitRecommend = new("limit-recommend", "30", "N", "Of those, slates a minute without a token, per address; 0 for as many.");
    public static readonly Setting LimitUser = new("limit-user", "600", "N", "Requests a minute with a user's token, per user; 0 for any number.");
    public static readonly Setting LimitService = new("limit-service", "0", "N", "Requests a minute with a service's token, per service; 0 for any number.");
    public static readonly Setting LimitAdmin = new("limit-admin", "0", "N", "Requests a minute with an admin's token, per admin; 0 for any number.");
    public static readonly Setting LimitProbes = new("limit-probes", "6000", "N", "Requests a minute for /healthz, /readyz and /metrics without a token, per address; 0 for any number.");
    public static readonly Setting BlockAfter = new("block-after", "30", "N", "Refusals by a limit within a minute after which an address is blocked; 0 for never.");
    public static readonly Setting BlockSeconds = new("block-seconds", "300", "SECONDS", "How long such an address is blocked.");
    public static readonly Setting TrustedProxies = new("trusted-proxies", "", "ADDRESSES", "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses and networks, joined by commas.");
    public static readonly Setting CorsOrigins = new("cors-origins", "", "ORIGINS", "Origins whose pages may call this service, joined by commas; none by default.");
    public static readonly Setting Kafka = new("kafka", "", "HOST:PORT", "Kafka brokers to read topics from and to publish to: host:port, joined by commas. Without it no topic is read or written.");
    public static readonly Setting TopicPrefix = new("topic-prefix", "recs", "TEXT", "What the names of the topics begin with: recs.watch, recs.rate and so on.");
    public static readonly Setting MovielogTopic = new("movielog-topic", "", "TOPIC", "Topic with raw lines of a movielog, if it is another than 'movielog' behind the prefix.");
    public static readonly Setting KafkaGroup = new("kafka-group", "recs", "TEXT", "Consumer group: processes of one group share the partitions and the offsets.");
    public static readonly Setting KafkaSet = new("kafka-set", "", "NAME=VALUE,...", "Further properties of librdkafka, such as security.protocol=sasl_ssl,sasl.mechanism=SCRAM-SHA-512; a comma within a value is written '\\,'.") { HoldsProperties = true };
    public static readonly Setting RelayFrom = new("relay-from", "beginning", "beginning|now", "Where telling the log to Kafka begins: with its first event, or with what comes from now on. Heeded once, at the first start.");
    public static readonly Setting SchemaRegistry = new("schema-registry", "", "URL", "Publish as Avro with schemas of this registry, and read what others wrote so: http(s)://[user:password@]host:8081. Without it messages are JSON.") { HoldsSecret = true };

    /// <summary>Every setting, in the order in which they are shown.</summary>
    public static readonly IReadOnlyList<Setting> All = [Home, Db, PostgresBin, Bind, Port, Record, Rerank, Demo, Roles, TrainingThreads, Log, Otlp, ImageDigest, Clock,
        JwtSecretFile, JwksUrl, JwksMaxAge, JwksMaxStale, JwtIssuer, JwtAudience, LimitAnonymous, LimitRecommend, LimitUser, LimitService, LimitAdmin, LimitProbes, BlockAfter, BlockSeconds, TrustedProxies, CorsOrigins,
        Kafka, TopicPrefix, MovielogTopic, KafkaGroup, KafkaSet, RelayFrom, SchemaRegistry];

    /// <summary>True if the value may hold a password, which is then masked where it is shown.</summary>
    public bool HoldsSecret { get; init; }

    /// <summary>True if the value is a list of properties of librdkafka, of which some may be secret; those are masked where it is shown.</summary>
    public bool HoldsProperties { get; init; }

    /// <summary>Environment variable.</summary>
    public string Variable => "RECS_" + Name.ToUpperInvariant().Replace('-', '_');
}
