using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using Actors.Git.Remotes;
using Actors.Git.Wire;

namespace Actors.Git.Transport;

/// <summary>
/// Connects only to addresses that the guard allows. Asked after the name was resolved and with the very addresses that
/// are connected to, so that a name cannot change its mind in between.
/// </summary>
internal sealed class GuardedConnect(Func<IPAddress, bool>? guard)
{
    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken);

    /// <summary>A TCP connection to the host.</summary>
    public async ValueTask<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        IPAddress[] allowed = guard is null ? addresses : Array.FindAll(addresses, a => guard(a.IsIPv4MappedToIPv6 ? a.MapToIPv4() : a));
        if (allowed.Length == 0)
        {
            throw new RemoteFailureException(addresses.Length == 0 ? RemoteFailureKind.Unreachable : RemoteFailureKind.Forbidden,
                addresses.Length == 0 ? "The host name has no address." : "The host's address is not one that may be connected to.");
        }

        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
