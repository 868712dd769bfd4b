using System.Text;
using System.Text.RegularExpressions;

namespace Recs.Kafka.Connecting;

/// <summary>Properties of librdkafka as text: <c>name=value,name=value</c>; in a value <c>\,</c> is a comma and <c>\\</c> a backslash.</summary>
public static partial class KafkaProperties
{
    /// <summary>What a value is replaced by where it must not be seen.</summary>
    private const string Hidden = "***";

    /// <summary>Properties on which it rests that nothing is lost or stored twice, and the settings that they have instead.</summary>
    private static readonly Dictionary<string, string> Taken = new(StringComparer.Ordinal)
    {
        ["bootstrap.servers"] = "--kafka names the brokers",
        ["metadata.broker.list"] = "--kafka names the brokers",
        ["group.id"] = "--kafka-group names the group",
        ["enable.auto.offset.store"] = "offsets are kept with the events",
        ["auto.offset.reset"] = "offsets are kept with the events",
        ["enable.idempotence"] = "messages are always produced idempotently",
        ["acks"] = "messages are always acknowledged by all replicas",
        ["request.required.acks"] = "messages are always acknowledged by all replicas",
        ["transactional.id"] = "messages are de-duplicated by their event ids, not by transactions",
    };

    /// <summary>Reads properties.</summary>
    /// <exception cref="FormatException">It is not a list of properties, or one of them is not for the caller to set; the message is for a person.</exception>
    public static IReadOnlyDictionary<string, string> Parse(string text)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in Split(text))
        {
            var end = part.IndexOf('=', StringComparison.Ordinal);
            if (end <= 0)
                throw new FormatException($"'{(end < 0 ? part : Hidden)}' is not a property; write name=value,name=value as librdkafka names them, and a comma within a value as '\\,'.");
            var name = part[..end].Trim();
            if (Taken.TryGetValue(name, out var instead))
                throw new FormatException($"the property '{name}' cannot be set: {instead}.");
            if (!properties.TryAdd(name, part[(end + 1)..]))
                throw new FormatException($"the property '{name}' is set twice.");
        }
        return properties;
    }

    /// <summary>Writes properties so that <see cref="Parse"/> reads them again.</summary>
    public static string Write(IReadOnlyDictionary<string, string> properties)
        => string.Join(',', properties.Select(p => $"{p.Key}={p.Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal)}"));

    /// <summary>The text with the values of secret properties replaced by stars; also of a text that is no list of properties.</summary>
    public static string Mask(string text) => string.Join(',', RawParts(text).Select(part =>
    {
        var end = part.IndexOf('=', StringComparison.Ordinal);
        return end < 0 ? part.Length == 0 ? part : Hidden : IsSecret(part[..end].Trim()) ? part[..(end + 1)] + Hidden : part;
    }));

    /// <summary>Whether a property's value must not be seen: passwords, tokens, private keys.</summary>
    public static bool IsSecret(string name) => Secret().IsMatch(name);

    private static IEnumerable<string> Split(string text) => RawParts(text).Where(part => part.Trim().Length > 0).Select(Unescape);

    private static IEnumerable<string> RawParts(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == ',')
            {
                yield return text[start..i];
                start = i + 1;
            }
        }
        yield return text[start..];
    }

    private static string Unescape(string part)
    {
        var plain = new StringBuilder(part.Length);
        for (var i = 0; i < part.Length; i++)
        {
            if (part[i] == '\\' && i + 1 < part.Length && part[i + 1] is ',' or '\\') i++;
            plain.Append(part[i]);
        }
        return plain.ToString();
    }

    [GeneratedRegex(@"password|secret|token|jaas|\.pem$|oauthbearer\.config|username", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();
}
