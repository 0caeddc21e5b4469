using System.Net;
using System.Net.Sockets;

namespace Actors.Git.Transport;

/// <summary>
/// Whether an address is somebody's on the public internet (IANA's special-purpose address registries): not this machine, its
/// network, its cloud's metadata server, nor another way to write one of these.
/// </summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] NotPublic =
    [
        .. from text in (string[])[
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            // Some clouds' metadata servers answer on public-looking addresses.
            "168.63.129.16/32",
            "::/128", "::1/128", "100::/64", "2001:db8::/32", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "5f00::/16",
            // Teredo and ORCHID: tunnels and hashes, not hosts.
            "2001::/32", "2001:10::/28", "2001:20::/28"]
           select IPNetwork.Parse(text),
    ];

    private static readonly IPNetwork[] Translated = [IPNetwork.Parse("64:ff9b::/96"), IPNetwork.Parse("::/96")];

    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    private static readonly IPNetwork LocalTranslation = IPNetwork.Parse("64:ff9b:1::/48");

    /// <summary>Whether a server may connect to it for a stranger.</summary>
    public static bool Is(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (Array.Exists(NotPublic, network => network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address)))
        {
            return false;
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address.AddressFamily == AddressFamily.InterNetwork;
        }

        // An IPv4 address inside: what it leads to counts.
        byte[] bytes = address.GetAddressBytes();
        return !LocalTranslation.Contains(address)
            && (!Array.Exists(Translated, network => network.Contains(address)) || Is(new IPAddress(bytes.AsSpan(12))))
            && (!SixToFour.Contains(address) || Is(new IPAddress(bytes.AsSpan(2, 4))));
    }
}
