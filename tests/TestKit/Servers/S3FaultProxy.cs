using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Actors.TestKit.Servers;

/// <summary>
/// Stands before a real S3 service and spoils what its script says. Passes the Host header on, so that signatures stay right. Counts and
/// remembers every request.
/// </summary>
public sealed class S3FaultProxy : IAsyncDisposable
{
    private readonly Uri _service;
    private readonly Func<S3Request, S3Fault?> _script;
    private readonly ConcurrentQueue<S3Request> _requests = new();
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false });
    private readonly WebApplication _server;
    private int _count;

    private S3FaultProxy(Uri service, Func<S3Request, S3Fault?> script)
    {
        (_service, _script) = (service, script);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0);
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = null;
            options.Limits.MinRequestBodyDataRate = null;
            options.Limits.MinResponseDataRate = null;
        });
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    /// <summary>To be used as the service's.</summary>
    public Uri Endpoint { get; private set; } = new("http://127.0.0.1/");

    /// <summary>All so far, in order of arrival.</summary>
    public IReadOnlyList<S3Request> Requests => [.. _requests.OrderBy(request => request.Number)];

    /// <summary>Begins to listen.</summary>
    /// <param name="service">The real one.</param>
    /// <param name="script">What to do with a request; null lets it through. Called from many threads.</param>
    public static async Task<S3FaultProxy> StartAsync(Uri service, Func<S3Request, S3Fault?> script)
    {
        S3FaultProxy proxy = new(service, script);
        await proxy._server.StartAsync().ConfigureAwait(false);
        proxy.Endpoint = new Uri(proxy._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return proxy;
    }

    /// <summary>A script by seed: so large a share of requests meets one of the faults.</summary>
    public static Func<S3Request, S3Fault?> BySeed(int seed, double share, params S3Fault[] faults)
    {
        Random random = new(seed);
        Lock gate = new();
        return _ =>
        {
            lock (gate)
            {
                return random.NextDouble() < share ? faults[random.Next(faults.Length)] : null;
            }
        };
    }

    /// <summary>A script that spoils the first requests that are such, one fault each, and no more.</summary>
    public static Func<S3Request, S3Fault?> First(Func<S3Request, bool> such, params S3Fault[] faults)
    {
        int met = -1;
        return request => such(request) && Interlocked.Increment(ref met) is int number && number < faults.Length ? faults[number] : null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Those that hang would hold it up.
        using CancellationTokenSource now = new();
        await now.CancelAsync().ConfigureAwait(false);
        await _server.StopAsync(now.Token).ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
        _client.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        S3Request seen = new(Interlocked.Increment(ref _count) - 1, request.Method, request.Path, request.QueryString.ToString(), new HeaderDictionary(request.Headers.ToDictionary()));
        _requests.Enqueue(seen);
        S3Fault? fault = _script(seen);
        switch (fault?.Kind)
        {
            case S3FaultKind.Reset:
                context.Abort();
                return;
            case S3FaultKind.Hang:
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
                return;
            case S3FaultKind.Answer:
                await RefuseAsync(context, fault).ConfigureAwait(false);
                return;
            default:
                await PassAsync(context, target, fault).ConfigureAwait(false);
                return;
        }
    }

    private static async Task RefuseAsync(HttpContext context, S3Fault fault)
    {
        // A service reads what was sent before it answers on the same connection.
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted).ConfigureAwait(false);
        context.Response.StatusCode = fault.Status;
        context.Response.ContentType = "application/xml";
        await context.Response.WriteAsync($"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{fault.Code}</Code><Message>By script.</Message></Error>", context.RequestAborted).ConfigureAwait(false);
    }

    private async Task PassAsync(HttpContext context, string target, S3Fault? fault)
    {
        using HttpRequestMessage message = new(new HttpMethod(context.Request.Method), new Uri(_service.GetLeftPart(UriPartial.Authority) + target));
        if (context.Request.ContentLength is not null || context.Request.Headers.TransferEncoding.Count > 0)
        {
            message.Content = new StreamContent(context.Request.Body);
        }

        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in context.Request.Headers)
        {
            if (name is not ("Connection" or "Expect") && !message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        using HttpResponseMessage answer = await _client.SendAsync(message, context.RequestAborted).ConfigureAwait(false);
        if (fault?.Kind == S3FaultKind.Unheard)
        {
            await answer.Content.CopyToAsync(Stream.Null, context.RequestAborted).ConfigureAwait(false);
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        foreach ((string name, IEnumerable<string> values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (name is not ("Transfer-Encoding" or "Connection"))
            {
                context.Response.Headers[name] = values.ToArray();
            }
        }

        await using Stream body = await answer.Content.ReadAsStreamAsync(context.RequestAborted).ConfigureAwait(false);
        if (fault?.Kind == S3FaultKind.Cut)
        {
            byte[] some = new byte[fault.Bytes];
            int length = await body.ReadAtLeastAsync(some, some.Length, throwOnEndOfStream: false, context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.WriteAsync(some.AsMemory(0, length), context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            // Fewer bytes than were announced: Kestrel closes the connection. (Abort would reset it, which may take away what was sent.)
            return;
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await body.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
        }
    }
}
