using System.Net;
using System.Net.Sockets;
using Actors.Web.Forges;
using Actors.Web.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Actors.Web.Api;

/// <summary>
/// The engine's interface over HTTP: API, metrics, dashboard. A server of its own (<see cref="StartAsync"/>), or part of a program's
/// web application (<see cref="Prepare"/> before it is built, <see cref="Map"/> after).
/// </summary>
public sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private WebServer(WebApplication application) => _application = application;

    /// <summary>Where it listens, in the order of the bindings.</summary>
    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    /// <summary>All that is mapped.</summary>
    internal IReadOnlyList<RouteEndpoint> Endpoints => [.. _application.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    /// <summary>Begins to serve. Signals of the process stay with who called.</summary>
    /// <exception cref="ArgumentException">The options make no sense; the message says why.</exception>
    /// <exception cref="IOException">An address is taken.</exception>
    public static async Task<WebServer> StartAsync(WebServerOptions options, WebEngine engine, TimeProvider clock, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        Prepare(builder, options);
        WebApplication application = builder.Build();
        Map(application, options, engine, clock, logs);
        WebServer server = new(application);
        try
        {
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException)
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw new IOException($"Cannot listen: {e.Message}", e);
        }
        catch
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        server.Addresses = [.. application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(a => new Uri(a))];
        return server;
    }

    /// <summary>Sets up Kestrel with the bindings and limits, and routing.</summary>
    /// <exception cref="ArgumentException">The options make no sense; the message says why.</exception>
    public static void Prepare(WebApplicationBuilder builder, WebServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Limits.MissingBodyBytesMax;
            kestrel.Limits.MaxRequestHeadersTotalSize = Limits.HeadersBytesMax;
            kestrel.Limits.MaxRequestHeaderCount = Limits.HeadersMax;
            kestrel.Limits.MaxRequestLineSize = Limits.RequestLineBytesMax;
            kestrel.Limits.RequestHeadersTimeout = Limits.HeadersTimeMax;
            kestrel.Limits.MaxConcurrentConnections = Limits.ConnectionsMax;
            kestrel.Limits.Http2.MaxStreamsPerConnection = Limits.StreamsPerConnection;
            foreach (WebBinding binding in options.Bindings)
            {
                kestrel.Listen(binding.EndPoint, listen => Bind(listen, binding));
            }
        });
    }

    /// <summary>Maps all that the options offer.</summary>
    public static void Map(WebApplication application, WebServerOptions options, WebEngine engine, TimeProvider clock, ILoggerFactory logs)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentNullException.ThrowIfNull(options);
        application.Use(AddHeadersAsync);
        application.UseRouting();
        application.Use(RefuseUnknownAsync);
        ApiRoutes routes = new(application, engine, options, clock, logs.CreateLogger<WebServer>(), application.Lifetime.ApplicationStopping);
        application.Lifetime.ApplicationStopped.Register(routes.Dispose);
        CampaignEndpoints.Map(routes);
        RepositoryEndpoints.Map(routes);
        ObjectEndpoints.Map(routes);
        ClusterEndpoints.Map(routes);
        MetricsEndpoint.Map(routes);
        OpenApiDocument.Map(routes);
        HealthEndpoints.Map(routes);
        DashboardFiles.Map(routes);
    }

    /// <summary>Ends streams, waits a moment for requests, stops.</summary>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource patience = new(Limits.StopTimeMax);
        await _application.StopAsync(patience.Token).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }

    private static void Bind(ListenOptions listen, WebBinding binding)
    {
        // Requests find out by this where they came in.
        listen.Use(next => connection =>
        {
            connection.Features.Set(binding);
            return next(connection);
        });
        listen.Protocols = binding.Certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
        if (binding.Certificate is { } certificate)
        {
            listen.UseHttps(certificate);
        }
    }

    private static Task AddHeadersAsync(HttpContext context, RequestDelegate next)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        return next(context);
    }

    /// <summary>What no endpoint answers: no such path, or not with this method.</summary>
    private static async Task RefuseUnknownAsync(HttpContext context, RequestDelegate next)
    {
        await next(context).ConfigureAwait(false);
        if (context.Response.HasStarted || context.Response.ContentLength is not null || context.Response.ContentType is not null)
        {
            return;
        }

        if (context.Response.StatusCode == StatusCodes.Status404NotFound)
        {
            await ApiRoutes.RefuseAsync(context, new Problem(StatusCodes.Status404NotFound, "not-found", "There is nothing of that name here; /openapi/v1.json lists what is.")).ConfigureAwait(false);
        }
        else if (context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
        {
            await ApiRoutes.RefuseAsync(context, new Problem(StatusCodes.Status405MethodNotAllowed, "method-not-allowed", $"Not with {context.Request.Method}: {context.Response.Headers.Allow}.")).ConfigureAwait(false);
        }
    }
}
