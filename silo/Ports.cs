using System.Net;
using System.Net.Sockets;
using Actors.Silo.Settings;

namespace Actors.Silo;

/// <summary>Whether a silo's addresses are its own to take, asked before it joins.</summary>
internal static class Ports
{
    /// <summary>
    /// Orleans shares a port that another process listens on, and a silo that joins at an address has whatever was there before declared dead:
    /// without this, one that is started twice by mistake ends the one that works.
    /// </summary>
    /// <exception cref="IOException">Another process listens at one of them, or the address is not of this machine.</exception>
    public static void RequireFree(SiloSettings settings)
    {
        Require("--silo-port", new IPEndPoint(settings.Address, settings.SiloPort));
        Require("--api", settings.Api);
        Require("--metrics", settings.Metrics);
        Require("--orleans", settings.Orleans);
    }

    private static void Require(string option, IPEndPoint? place)
    {
        if (place is null)
        {
            return;
        }

        try
        {
            using Socket socket = new(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(place);
            socket.Listen(1);
        }
        catch (SocketException refused)
        {
            string why = refused.SocketErrorCode == SocketError.AddressAlreadyInUse ? "another process listens there" : refused.Message;
            throw new IOException($"{option}: {place} cannot be had: {why}.", refused);
        }
    }
}
