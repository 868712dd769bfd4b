using System.Globalization;
using System.Text.RegularExpressions;

namespace Recs.Kafka.Connecting;

/// <summary>
/// The brokers that a client asks first: <c>host:port,host:port</c>. librdkafka takes any text for that and then tries for ever to find a host of that name, so it is
/// judged before a client is made.
/// </summary>
public static partial class BrokerAddresses
{
    private const int LastPort = 65_535;

    /// <summary>Whether a text names one or more brokers: names, IPv4 addresses, or IPv6 addresses in brackets, each with a port.</summary>
    public static bool AreValid(string text) => text.Split(',').All(IsValid);

    private static bool IsValid(string address)
        => Address().Match(address.Trim()) is { Success: true } match
            && int.Parse(match.Groups["port"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) is > 0 and <= LastPort;

    [GeneratedRegex(@"\A(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_][A-Za-z0-9._-]*):(?<port>[0-9]{1,5})\z")]
    private static partial Regex Address();
}
