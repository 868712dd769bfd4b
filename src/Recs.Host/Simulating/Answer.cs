using System.Net;
using System.Text.Json;

namespace Recs.Host.Simulating;

/// <summary>An answer of the service.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">Body.</param>
/// <param name="Sequence">Log position of what was stored; 0 if nothing was.</param>
internal sealed record Answer(HttpStatusCode Status, byte[] Body, long Sequence)
{
    /// <summary>Whether the service did what it was asked.</summary>
    public bool Good => (int)Status is >= 200 and < 300;

    /// <summary>The body of a good answer.</summary>
    public T Read<T>() => JsonSerializer.Deserialize<T>(Body, JsonSerializerOptions.Web) ?? throw new InvalidDataException("The service answered null.");

    /// <summary>Why the service refused, as its problem details say.</summary>
    public string Problem
    {
        get
        {
            try
            {
                var problem = JsonDocument.Parse(Body).RootElement;
                return problem.TryGetProperty("detail", out var detail) || problem.TryGetProperty("title", out detail) ? detail.GetString() ?? "" : "";
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return ""; // not a problem document: the status has to do
            }
        }
    }
}
