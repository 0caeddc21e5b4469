using System.Net;
using System.Net.Http;
using Actors.Git.Remotes;

namespace Actors.Git.Transport;

/// <summary>The connections of everything that this floor asks for over HTTP: to which addresses, how long, how many.</summary>
internal static class HttpHandlers
{
    /// <summary>Follows no redirect, keeps no cookie, knows no credentials.</summary>
    public static SocketsHttpHandler Create(GitClientOptions options)
    {
        options = options.Checked();
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = options.UseProxy,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = options.ConnectTimeMax,
            MaxConnectionsPerServer = options.ConnectionsPerHostMax,
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
            // So that a host's new address is seen by a run of days.
            PooledConnectionLifetime = TimeSpan.FromMinutes(15),
        };
        handler.SslOptions.RemoteCertificateValidationCallback = options.CertificateCheck;
        if (options.AddressGuard is not null || options.Connected is not null)
        {
            GuardedConnect connect = new(options.AddressGuard, options.Connected);
            handler.ConnectCallback = connect.ConnectAsync;
        }

        return handler;
    }
}
