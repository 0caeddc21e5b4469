using System.Security.Cryptography.X509Certificates;

namespace Actors.Web.Forges;

/// <summary>What a <see cref="LocalForge"/> serves, and how from the start.</summary>
public sealed record LocalForgeOptions
{
    /// <summary>Folder whose sub-folders, at any depth, are the bare repositories.</summary>
    public required string Folder { get; init; }

    /// <summary>TCP port on the loopback address; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Listen on a second port that speaks HTTP/2 without TLS (<see cref="LocalForge.Http2Address"/>).</summary>
    public bool Http2 { get; init; }

    /// <summary>Speak TLS with this certificate, HTTP/1.1 and HTTP/2; null: no TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The first <see cref="LocalForge.Behaviour"/>.</summary>
    public ForgeBehaviour Behaviour { get; init; } = new();

    /// <summary>Measures latencies.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
