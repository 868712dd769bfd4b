using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Recs.Commands.Consuming;

/// <summary>What is known of the cluster: whether it answers, and which topics it lacks. librdkafka tells when a broker goes, but not when it is back, so then it is asked.</summary>
internal sealed class BrokerState(ILogger log)
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<string, string> _missing = new(StringComparer.Ordinal);
    private volatile string? _away, _database;
    private Task _asking = Task.CompletedTask;

    /// <summary>What is wrong, in words.</summary>
    public IEnumerable<string> Troubles => new[] { _away, _database }.OfType<string>().Concat(_missing.Values);

    /// <summary>The client complains.</summary>
    public void Heard(Error error)
    {
        if (error.Code == ErrorCode.UnknownTopicOrPart)
            Misses(error);
        else if (error.IsFatal)
            throw new KafkaException(error);
        else if (error.Code is ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Authentication or ErrorCode.Local_Resolve or ErrorCode.Local_Ssl
            or ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.SaslAuthenticationFailed)
            Failed(error.Reason);
        else
            log.LogDebug("librdkafka: {Code} {Reason}", error.Code, error.Reason);
    }

    /// <summary>The cluster does not answer.</summary>
    public void Failed(string reason)
    {
        if (_away is null)
            log.LogWarning("Kafka does not answer, it is tried again: {Reason}", reason);
        _away = $"Kafka does not answer: {reason}";
    }

    /// <summary>The topic is there.</summary>
    public void Has(string topic)
    {
        foreach (var said in _missing.Keys.Where(said => said.Contains(topic, StringComparison.Ordinal)))
            _missing.TryRemove(said, out _);
    }

    /// <summary>The positions cannot be read.</summary>
    public void DatabaseIsAway(Exception e)
    {
        if (_database is null)
            log.LogWarning("The positions of the topics cannot be read, it is tried again: {Reason}", e.Message);
        _database = $"the positions of the topics cannot be read: {e.Message}";
    }

    /// <summary>The positions were read.</summary>
    public void DatabaseIsBack() => _database = null;

    /// <summary>Asks in the background, if it did not answer, whether it does again.</summary>
    public void AskWhetherBack(IClient client)
    {
        if (_away is null || !_asking.IsCompleted)
            return;
        _asking = Task.Run(() =>
        {
            try
            {
                using var admin = new DependentAdminClientBuilder(client.Handle).Build();
                admin.GetMetadata(AnswerTime);
                log.LogInformation("Kafka answers again.");
                _away = null;
            }
            catch (KafkaException e)
            {
                log.LogDebug("Kafka does not answer yet: {Reason}", e.Message);
            }
        });
    }

    /// <summary>Waits for the last question: the client is about to go.</summary>
    public void StopAsking() => _asking.Wait();

    private void Misses(Error error)
    {
        var said = $"a topic is missing ('recs topics create' makes all): {error.Reason}";
        if (_missing.TryAdd(error.Reason, said))
            log.LogWarning("Kafka: {Trouble}", said);
    }
}
