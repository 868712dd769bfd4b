using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Recs.Kafka.SchemaRegistry;

/// <summary>What the registry answered.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">Text, JSON if all is well.</param>
internal sealed record RegistryAnswer(HttpStatusCode Status, string Body)
{
    private const int LongestShown = 300;

    /// <summary>Done.</summary>
    public bool IsGood => (int)Status is >= 200 and < 300;

    /// <summary>The registry could not, whatever was asked: asking again may help.</summary>
    public bool IsFailure => (int)Status is >= 500 or 408 or 429;

    /// <summary>Whether it is this status with one of these codes in its body.</summary>
    public bool Is(HttpStatusCode status, params ReadOnlySpan<int> codes) => Status == status && Read(RegistrySnakeJson.Default.RegistryError)?.ErrorCode is { } code && codes.Contains(code);

    /// <summary>The body; null if it is something else.</summary>
    public TBody? Read<TBody>(JsonTypeInfo<TBody> type) where TBody : class
    {
        try
        {
            return JsonSerializer.Deserialize(Body, type);
        }
        catch (JsonException)
        {
            return null; // the caller says what was expected and shows what came
        }
    }

    /// <summary>Status and words, such as <c>409: Schema being registered is incompatible</c>.</summary>
    public override string ToString()
    {
        var words = Read(RegistrySnakeJson.Default.RegistryError)?.Message ?? Body;
        return $"{(int)Status}: {(words.Length <= LongestShown ? words : words[..LongestShown] + " ...")}";
    }
}
