using System.Text.Encodings.Web;
using System.Text.Json;
using Recs.Contracts.Topics;

namespace Recs.Kafka.Messages;

/// <summary>
/// Writes messages as UTF-8 JSON, as <see cref="TopicJson"/> says; but characters such as the <c>+</c> of movie ids stand for themselves, since nobody puts a value into a
/// page of HTML.
/// </summary>
public sealed class JsonMessageEncoder : IMessageEncoder
{
    private static readonly TopicJson Values = new(new JsonSerializerOptions(TopicJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <inheritdoc/>
    public Task ReadyAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <inheritdoc/>
    public byte[] Encode(RecoRequestMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, Values.RecoRequestMessage);

    /// <inheritdoc/>
    public byte[] Encode(RecoResponseMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, Values.RecoResponseMessage);

    /// <inheritdoc/>
    public byte[] Encode(UserInteractionMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, Values.UserInteractionMessage);

    /// <inheritdoc/>
    public byte[] Encode(ModelMetricMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, Values.ModelMetricMessage);

    /// <inheritdoc/>
    public byte[] Encode(AbTestMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, Values.AbTestMessage);
}
