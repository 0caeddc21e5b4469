using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Actors.Web.Forges;

/// <summary>
/// A small forge in this process: a folder of bare repositories served over git's smart HTTP by the installed
/// <c>git upload-pack</c>, on the loopback address only, read-only, without accounts. Demonstrations and tests sync from it.
/// How it answers may be changed at any time, for all repositories (<see cref="Behaviour"/>) or one
/// (<see cref="SetBehaviour"/>). Disposing it ends its connections and git processes.
/// </summary>
public sealed partial class LocalForge : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ForgeBehaviour> _behaviours = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ForgeTally> _tallies = new(StringComparer.Ordinal);
    private readonly ForgeTally _total = new();
    private readonly ForgePeaks _peaks;
    private readonly TimeProvider _time;
    private readonly WebApplication _server;
    private volatile ForgeBehaviour _behaviour;

    private LocalForge(LocalForgeOptions options)
    {
        Folder = Path.GetFullPath(options.Folder);
        _behaviour = options.Behaviour;
        _time = options.Time;
        _peaks = new ForgePeaks(options.Time);
        _server = Build(options);
        _server.Run(AnswerAsync);
    }

    /// <summary>The folder that is served. Repositories may be added to it and removed from it while it is.</summary>
    public string Folder { get; }

    /// <summary>Where it listens: <c>http://127.0.0.1:port/</c>, or <c>https://</c> with a certificate.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>A second port that speaks only HTTP/2 without TLS, with <see cref="LocalForgeOptions.Http2"/>; otherwise null.</summary>
    public Uri? Http2Address { get; private set; }

    /// <summary>How repositories without a behaviour of their own are answered. May be set while requests run; those keep the old one.</summary>
    public ForgeBehaviour Behaviour
    {
        get => _behaviour;
        set => _behaviour = value;
    }

    /// <summary>Requests received so far, of all repositories and whatever the answer.</summary>
    public long Requests => _total.Requests;

    /// <summary>Bytes of answers' bodies sent so far, without HTTP framing and headers.</summary>
    public long BytesSent => _total.BytesSent;

    /// <summary>The most requests that were under way at once.</summary>
    public int RequestsAtOnceMax => _peaks.Concurrency;

    /// <summary>The most requests that began within any one second.</summary>
    public int RequestsPerSecondMax => _peaks.PerSecond;

    /// <summary>Begins to serve.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static async Task<LocalForge> StartAsync(LocalForgeOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!Directory.Exists(options.Folder))
        {
            throw new DirectoryNotFoundException($"There is no folder '{options.Folder}' to serve repositories from.");
        }

        LocalForge forge = new(options);
        await forge._server.StartAsync(cancellationToken).ConfigureAwait(false);
        string[] addresses = [.. forge._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
        forge.Address = new Uri(addresses[0]);
        forge.Http2Address = options.Http2 ? new Uri(addresses[1]) : null;
        return forge;
    }

    /// <summary>Begins to serve a folder with the usual behaviour.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static Task<LocalForge> StartAsync(string folder, CancellationToken cancellationToken = default) =>
        StartAsync(new LocalForgeOptions { Folder = folder }, cancellationToken);

    /// <summary>The URL of a repository, which need not exist.</summary>
    /// <param name="repository">Its folder, relative to <see cref="Folder"/>, with or without <c>.git</c>.</param>
    public string UrlOf(string repository) => new Uri(Address, repository).AbsoluteUri;

    /// <summary>How one repository is answered from now on, instead of <see cref="Behaviour"/>.</summary>
    /// <param name="repository">Its path in URLs, with or without <c>.git</c>; it need not exist.</param>
    /// <param name="behaviour">Null: as all others.</param>
    public void SetBehaviour(string repository, ForgeBehaviour? behaviour)
    {
        if (behaviour is null)
        {
            _behaviours.TryRemove(KeyOf(repository), out _);
        }
        else
        {
            _behaviours[KeyOf(repository)] = behaviour;
        }
    }

    /// <summary>Requests that a repository received so far.</summary>
    public long RequestsOf(string repository) => TallyOf(repository).Requests;

    /// <summary>Bytes of answers' bodies that were sent for a repository so far.</summary>
    public long BytesSentOf(string repository) => TallyOf(repository).BytesSent;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource atOnce = new();
        await atOnce.CancelAsync().ConfigureAwait(false);
        await _server.StopAsync(atOnce.Token).ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
    }

    private static WebApplication Build(LocalForgeOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // A fetch that names many haves sends them all; git's own clients go to some megabytes.
            kestrel.Limits.MaxRequestBodySize = Limits.RequestBytesMax;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.Http2.MaxStreamsPerConnection = Limits.StreamsPerConnection;
            kestrel.Listen(IPAddress.Loopback, options.Port, endpoint =>
            {
                if (options.Certificate is not null)
                {
                    endpoint.UseHttps(options.Certificate);
                }
            });
            if (options.Http2)
            {
                kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2);
            }
        });
        return builder.Build();
    }

    /// <summary>One name for a repository, however it is written.</summary>
    private static string KeyOf(string repository)
    {
        string path = repository.Trim('/');
        return path.EndsWith(".git", StringComparison.Ordinal) ? path[..^4] : path;
    }

    private ForgeTally TallyOf(string repository) => _tallies.GetOrAdd(KeyOf(repository), static _ => new ForgeTally());
}
