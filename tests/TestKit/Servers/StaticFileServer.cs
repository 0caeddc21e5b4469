using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;

namespace Actors.TestKit.Servers;

/// <summary>A folder's files over HTTP on the loopback address, as any plain web server has them: what git's dumb protocol is made for.</summary>
public sealed class StaticFileServer : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<string> _paths = new();

    private StaticFileServer(string folder)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Use((context, next) =>
        {
            _paths.Enqueue(context.Request.Path.Value ?? "");
            return next(context);
        });
        _server.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(folder), ServeUnknownFileTypes = true });
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Paths asked for so far.</summary>
    public IReadOnlyCollection<string> Paths => _paths;

    /// <summary>Begins to serve.</summary>
    public static async Task<StaticFileServer> StartAsync(string folder)
    {
        StaticFileServer server = new(folder);
        await server._server.StartAsync();
        server.Address = new Uri(server._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return server;
    }

    /// <summary>The URL of a folder below.</summary>
    public string UrlOf(string name) => new Uri(Address, name).AbsoluteUri;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
    }
}
