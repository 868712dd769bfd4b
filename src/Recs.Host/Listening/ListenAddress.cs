using System.Net;
using System.Net.Sockets;
using Recs.Host.CommandLine;
using Recs.Host.Configuring;

namespace Recs.Host.Listening;

/// <summary>Where the service listens.</summary>
internal static class ListenAddress
{
    /// <summary>Reads <c>--bind</c> and <c>--port</c>.</summary>
    /// <exception cref="UsageException">One of them is not an address or a port.</exception>
    public static IPEndPoint Of(Settings settings)
    {
        var bind = settings[Setting.Bind] is "localhost" ? "127.0.0.1" : settings[Setting.Bind];
        return IPAddress.TryParse(bind, out var address)
            ? new(address, settings.Number(Setting.Port, 0, 65535))
            : throw new UsageException($"--bind '{bind}' is not an IP address, such as 127.0.0.1 or 0.0.0.0.");
    }

    /// <summary>Finds out, before any work is done, whether the address can be listened on.</summary>
    /// <exception cref="UsageException">Another program listens there, or the address is not this machine's.</exception>
    public static void EnsureFree(IPEndPoint endpoint)
    {
        using var probe = new TcpListener(endpoint);
        try
        {
            probe.Start();
        }
        catch (SocketException e)
        {
            throw new UsageException($"cannot listen on {endpoint}: {e.Message}. Choose another --port, or 0 for a free one.", e);
        }
    }

    /// <summary>Starts to listen.</summary>
    /// <exception cref="UsageException">Another program listens there, or the address is not this machine's.</exception>
    public static async Task StartAsync(WebApplication app, IPEndPoint endpoint, CancellationToken cancel)
    {
        try
        {
            await app.StartAsync(cancel);
        }
        catch (IOException e)
        {
            throw new UsageException($"cannot listen on {endpoint}: {e.Message} Choose another --port, or 0 for a free one.", e);
        }
    }
}
