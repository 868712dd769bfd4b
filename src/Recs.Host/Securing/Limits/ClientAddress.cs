using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Recs.Host.Securing.Limits;

/// <summary>What tells addresses apart for limits.</summary>
internal static class ClientAddress
{
    /// <summary>
    /// An IPv4 address as it is, also where IPv6 carries it; of an IPv6 address the network of 64 bits, since one subscriber has all of it to choose from.
    /// </summary>
    public static UInt128 KeyOf(IPAddress? address)
    {
        if (address is null)
            return default; // a socket without an address: all such callers are one
        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily == AddressFamily.InterNetwork)
            address = address.MapToIPv6();
        address.TryWriteBytes(bytes, out _);
        if (!address.IsIPv4MappedToIPv6)
            bytes[8..].Clear();
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
