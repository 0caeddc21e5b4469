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
internal sealed class GuardedConnect(Func<IPAddress, bool>? guard, Action<ForgeHost, IPAddress>? connected = null)
{
    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        // Another host than the request's is a proxy, whose address says nothing of the forge.
        Uri? asked = context.InitialRequestMessage.RequestUri;
        bool direct = asked is not null && string.Equals(asked.IdnHost, context.DnsEndPoint.Host, StringComparison.OrdinalIgnoreCase);
        string? forge = direct && connected is not null ? asked!.IsDefaultPort ? asked.IdnHost : asked.Authority : null;
        return ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, forge, cancellationToken);
    }

    /// <summary>A TCP connection to the host.</summary>
    /// <param name="host">Its name or address.</param>
    /// <param name="port">Its port.</param>
    /// <param name="forge">The forge host that is told of with its address, or null.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async ValueTask<Stream> ConnectAsync(string host, int port, string? forge, CancellationToken cancellationToken)
    {
        IPAddress[] allowed = await ResolveAsync(host, cancellationToken).ConfigureAwait(false);
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancellationToken).ConfigureAwait(false);
            if (forge is not null && socket.RemoteEndPoint is IPEndPoint { Address: { } address })
            {
                connected?.Invoke(ForgeHost.Parse(forge.ToLowerInvariant()), address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
            }

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The addresses of a host that may be connected to.</summary>
    /// <exception cref="RemoteFailureException">There are none.</exception>
    public async ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        IPAddress[] allowed = guard is null ? addresses : Array.FindAll(addresses, a => guard(a.IsIPv4MappedToIPv6 ? a.MapToIPv4() : a));
        return allowed.Length > 0 ? allowed : throw new RemoteFailureException(
            addresses.Length == 0 ? RemoteFailureKind.Unreachable : RemoteFailureKind.Forbidden,
            addresses.Length == 0 ? "The host name has no address." : "The host's address is not one that may be connected to.");
    }
}
