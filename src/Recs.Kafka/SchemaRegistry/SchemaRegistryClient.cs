using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Recs.Contracts.Avro;
using Recs.Kafka.Messages;

namespace Recs.Kafka.SchemaRegistry;

/// <summary>Asks a schema registry over Confluent's REST contract. Safe for any number of threads.</summary>
public sealed class SchemaRegistryClient : IDisposable
{
    /// <summary>What is sent and expected.</summary>
    public const string MediaType = "application/vnd.schemaregistry.v1+json";

    private const int UnknownSubject = 40401, UnknownVersion = 40402, UnknownSchema = 40403;
    private const int LongestAnswer = 4 << 20;
    private readonly SchemaRegistryAddress address;
    private readonly SchemaRegistryOptions options;
    private readonly TimeProvider clock;
    private readonly HttpClient http;

    /// <summary>Connects with the first question.</summary>
    /// <param name="address">Where the registry is.</param>
    /// <param name="options">Time-outs and attempts.</param>
    /// <param name="clock">Measures the pauses between attempts.</param>
    public SchemaRegistryClient(SchemaRegistryAddress address, SchemaRegistryOptions options, TimeProvider clock)
    {
        (this.address, this.options, this.clock) = (address, options, clock);
        // The registry may move to another machine, and credentials go to no other address than the given one.
        http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2), AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = address.Url,
            Timeout = options.Timeout,
            MaxResponseContentBufferSize = LongestAnswer,
        };
        http.DefaultRequestHeaders.Authorization = address.Credentials;
        http.DefaultRequestHeaders.Accept.Add(new(MediaType));
    }

    /// <summary>Makes sure that a schema could follow the latest of its subject; a subject without any takes all.</summary>
    /// <exception cref="SchemaRefusedException">It could not; in the registry's words.</exception>
    /// <exception cref="SchemaRegistryUnavailableException">The registry does not answer.</exception>
    public async Task RequireCompatibleAsync(AvroSubject subject, CancellationToken cancel)
    {
        var answer = await AskAsync(HttpMethod.Post, $"compatibility/subjects/{Uri.EscapeDataString(subject.Name)}/versions/latest?verbose=true", subject.Schema, cancel);
        if (answer.Is(HttpStatusCode.NotFound, UnknownSubject, UnknownVersion))
            return;
        var found = Expect(answer, RegistrySnakeJson.Default.Compatibility, subject);
        if (found.IsCompatible is null)
            throw NotAsAgreed(answer);
        if (found.IsCompatible is false)
            throw new SchemaRefusedException(
                $"The schema registry at {address} says that the schema of {subject.Name} is not compatible with the latest one there: "
                + $"{(found.Messages is { Count: > 0 } words ? string.Join("; ", words) : "it does not say why")}. "
                + "Remove or change that version, or set the subject's compatibility, and start again.");
    }

    /// <summary>The id of a schema; registers it if it is not there yet.</summary>
    /// <exception cref="SchemaRefusedException">The registry does not take it; in its words.</exception>
    /// <exception cref="SchemaRegistryUnavailableException">The registry does not answer.</exception>
    public async Task<int> RegisterAsync(AvroSubject subject, CancellationToken cancel)
    {
        var answer = await AskAsync(HttpMethod.Post, $"subjects/{Uri.EscapeDataString(subject.Name)}/versions", subject.Schema, cancel);
        return Expect(answer, RegistryJson.Default.GivenId, subject).Id ?? throw NotAsAgreed(answer);
    }

    /// <summary>The schema of an id, which never changes; null if there is none.</summary>
    /// <exception cref="SchemaRegistryUnavailableException">The registry does not answer, or not as agreed.</exception>
    public async Task<RegisteredSchema?> FindAsync(int id, CancellationToken cancel)
    {
        var answer = await AskAsync(HttpMethod.Get, $"schemas/ids/{id}", null, cancel);
        if (answer.Is(HttpStatusCode.NotFound, UnknownSchema)) // and no other 404: a wrong address knows no schema either
            return null;
        var found = answer.IsGood ? answer.Read(RegistryJson.Default.RegisteredSchema) : null;
        return found?.Schema is null ? throw NotAsAgreed(answer) : found;
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => http.Dispose();

    private TAnswer Expect<TAnswer>(RegistryAnswer answer, JsonTypeInfo<TAnswer> type, AvroSubject subject) where TAnswer : class
    {
        if (answer.IsGood)
            return answer.Read(type) ?? throw NotAsAgreed(answer);
        if (answer.Status is HttpStatusCode.NotFound or HttpStatusCode.Redirect or HttpStatusCode.MovedPermanently)
            throw NotAsAgreed(answer);
        throw new SchemaRefusedException($"The schema registry at {address} refuses the schema of {subject.Name} with {answer}.");
    }

    private SchemaRegistryUnavailableException NotAsAgreed(RegistryAnswer answer)
        => new($"What answers at {address} does not do so like a schema registry: {answer}. Check the address and the credentials (RECS_SCHEMA_REGISTRY).");

    /// <summary>Asks until there is an answer other than a failure of the registry itself.</summary>
    private async Task<RegistryAnswer> AskAsync(HttpMethod method, string path, string? schema, CancellationToken cancel)
    {
        var pause = options.FirstPause;
        for (var attempt = 1; ; attempt++, pause *= 2)
        {
            var (answer, failure) = await TryAsync(method, path, schema, cancel);
            if (answer is { IsFailure: false })
                return answer;
            if (attempt >= options.Attempts)
                throw new SchemaRegistryUnavailableException($"The schema registry at {address} does not answer: {failure?.Message ?? answer!.ToString()}.", failure);
            await Task.Delay(pause, clock, cancel);
        }
    }

    private async Task<(RegistryAnswer? Answer, Exception? Failure)> TryAsync(HttpMethod method, string path, string? schema, CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            if (schema is not null)
            {
                request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new OfferedSchema(schema), RegistryJson.Default.OfferedSchema));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaType);
            }
            using var response = await http.SendAsync(request, cancel);
            return (new(response.StatusCode, await response.Content.ReadAsStringAsync(cancel)), null);
        }
        catch (HttpRequestException e)
        {
            return (null, e);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, new TimeoutException($"no answer within {options.Timeout.TotalSeconds:0.###} s"));
        }
    }
}
