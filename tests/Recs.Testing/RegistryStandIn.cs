using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Recs.Kafka.Avro;
using Recs.Kafka.SchemaRegistry;

namespace Recs.Testing;

/// <summary>A schema registry over HTTP that keeps to Confluent's REST contract, as far as it is asked here, and fails when it is told to.</summary>
public sealed class RegistryStandIn : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<int>> subjects = new(StringComparer.Ordinal);
    private readonly List<JsonObject> schemas = [];
    private readonly ConcurrentQueue<int> failures = new();
    private readonly List<SchemaRegistryClient> clients = [];
    private readonly string? credentials;
    private volatile bool slow;

    private RegistryStandIn(int port, string? account)
    {
        credentials = account is null ? null : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(account));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        app = builder.Build();
        app.Use(MisbehaveAsync);
        app.MapPost("/subjects/{subject}/versions", RegisterAsync);
        app.MapPost("/compatibility/subjects/{subject}/versions/latest", CompareAsync);
        app.MapGet("/schemas/ids/{id:int}", Find);
    }

    /// <summary>Starts one.</summary>
    /// <param name="port">Where; 0 for any free port.</param>
    /// <param name="account"><c>user:password</c> that callers must have; null for none.</param>
    public static async Task<RegistryStandIn> StartAsync(int port = 0, string? account = null)
    {
        var registry = new RegistryStandIn(port, account);
        await registry.app.StartAsync();
        return registry;
    }

    /// <summary>Address without credentials.</summary>
    public Uri Url => new(app.Urls.Single());

    /// <summary>What it was asked, such as <c>GET /schemas/ids/1</c>.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>The schema of an id that it gave.</summary>
    public string SchemaOf(int id)
    {
        lock (gate)
            return Text(id);
    }

    /// <summary>Answers the next requests with these statuses.</summary>
    public void FailNext(params int[] statuses)
    {
        foreach (var status in statuses)
            failures.Enqueue(status);
    }

    /// <summary>From now on it takes requests and does not answer them.</summary>
    public void StopAnswering() => slow = true;

    /// <summary>It answers again.</summary>
    public void AnswerAgain() => slow = false;

    /// <summary>Puts a schema there, whatever it is compatible with.</summary>
    /// <returns>Its id.</returns>
    public int Put(string subject, string schema, string? type = null)
    {
        lock (gate)
        {
            schemas.Add(type is null ? new() { ["schema"] = schema } : new() { ["schema"] = schema, ["schemaType"] = type });
            (subjects.TryGetValue(subject, out var versions) ? versions : subjects[subject] = []).Add(schemas.Count);
            return schemas.Count;
        }
    }

    /// <summary>A client of it, which is closed with it.</summary>
    public SchemaRegistryClient Connect(TimeProvider clock)
    {
        var client = new SchemaRegistryClient(SchemaRegistryAddress.Parse(Url.ToString()), new() { Timeout = TimeSpan.FromSeconds(20) }, clock);
        clients.Add(client);
        return client;
    }

    /// <summary>Stops it.</summary>
    public ValueTask DisposeAsync()
    {
        clients.ForEach(client => client.Dispose());
        return app.DisposeAsync();
    }

    private async Task MisbehaveAsync(HttpContext http, RequestDelegate next)
    {
        Asked.Enqueue($"{http.Request.Method} {http.Request.Path}");
        if (slow)
        {
            var gone = new TaskCompletionSource();
            await using var _ = http.RequestAborted.Register(gone.SetResult);
            await gone.Task;
        }
        else if (failures.TryDequeue(out var status))
            await Error(status, status, "told to fail").ExecuteAsync(http);
        else if (credentials is not null && http.Request.Headers.Authorization != credentials)
            await Error(401, 401, "User cannot be authenticated").ExecuteAsync(http);
        else
            await next(http);
    }

    private async Task<IResult> RegisterAsync(string subject, HttpRequest request)
    {
        var (schema, refusal) = await SchemaAsync(request);
        if (schema is null)
            return refusal!;
        lock (gate)
        {
            if (subjects.TryGetValue(subject, out var versions))
            {
                if (versions.FirstOrDefault(id => Text(id) == schema) is var same and > 0)
                    return Answer(new() { ["id"] = same });
                if (WhyNot(schema, Text(versions[^1])) is { } why)
                    return Error(409, 409, $"Schema being registered is incompatible with an earlier schema for subject \"{subject}\", details: [{why}]");
            }
            return Answer(new() { ["id"] = Put(subject, schema) });
        }
    }

    private async Task<IResult> CompareAsync(string subject, HttpRequest request)
    {
        var (schema, refusal) = await SchemaAsync(request);
        if (schema is null)
            return refusal!;
        lock (gate)
        {
            if (!subjects.TryGetValue(subject, out var versions))
                return Error(404, 40401, $"Subject '{subject}' not found.");
            var why = WhyNot(schema, Text(versions[^1]));
            JsonObject answer = new() { ["is_compatible"] = why is null };
            if (request.Query["verbose"] == "true")
                answer["messages"] = new JsonArray(why is null ? [] : [why]);
            return Answer(answer);
        }
    }

    private IResult Find(int id)
    {
        lock (gate)
            return id >= 1 && id <= schemas.Count ? Answer((JsonObject)schemas[id - 1].DeepClone()) : Error(404, 40403, $"Schema {id} not found");
    }

    private static async Task<(string? Schema, IResult? Refusal)> SchemaAsync(HttpRequest request)
    {
        if (request.ContentType?.Split(';')[0] is not (SchemaRegistryClient.MediaType or "application/json"))
            return (null, Error(415, 415, "HTTP 415 Unsupported Media Type"));
        var schema = (await JsonNode.ParseAsync(request.Body))!["schema"]!.GetValue<string>();
        try
        {
            AvroSchemaParser.Parse(schema);
            return (schema, null);
        }
        catch (AvroSchemaException e)
        {
            return (null, Error(422, 42201, $"Invalid schema: {e.Message}"));
        }
    }

    /// <summary>Backward compatibility: the new schema must read what the old one wrote.</summary>
    private static string? WhyNot(string schema, string latest)
    {
        try
        {
            AvroResolution.Resolve(AvroSchemaParser.Parse(latest), AvroSchemaParser.Parse(schema));
            return null;
        }
        catch (AvroSchemaException e)
        {
            return e.Message;
        }
    }

    private string Text(int id) => schemas[id - 1]["schema"]!.GetValue<string>();

    private static IResult Answer(JsonObject body, int status = 200) => Results.Text(body.ToJsonString(), SchemaRegistryClient.MediaType, Encoding.UTF8, status);

    private static IResult Error(int status, int code, string message) => Answer(new() { ["error_code"] = code, ["message"] = message }, status);
}
