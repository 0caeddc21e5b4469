using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Actors.Git.Remotes;

namespace Actors.Store.Campaigns;

/// <summary>A host's place among all hosts: the first 8 bytes of SHA-256 of its name, so that hosts are spread evenly; 0 for chunks of many hosts.</summary>
internal static class HostSpot
{
    public static long Of(ForgeHost? host) => host is { } name ? Of(name) : 0;

    /// <summary>The default host stands for many.</summary>
    public static long Of(ForgeHost host) =>
        host == default ? 0 : BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(host.ToString())));
}
