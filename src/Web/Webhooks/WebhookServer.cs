using System.Security.Cryptography;
using Actors.Git.Remotes;
using Actors.Sync.Schedules;
using Actors.Web.Forges;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Actors.Web.Webhooks;

/// <summary>
/// Receives push events of GitHub, GitLab, Gitea and Forgejo at <c>POST /webhooks</c>: 202 told, 204 no push, 400 not understood, 401 not signed with
/// the secret, 413 too large. A message that comes again is answered as before and told to nobody. Plain HTTP: a proxy brings TLS.
/// </summary>
public sealed class WebhookServer : IAsyncDisposable
{
    private readonly WebhookOptions _options;
    private readonly WebApplication _server;
    private readonly Lock _gate = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Queue<string> _seenInOrder = [];

    private WebhookServer(WebhookOptions options)
    {
        if (options.Secret.IsEmpty)
        {
            throw new ArgumentException("Without a secret everybody could tell of pushes.", nameof(options));
        }

        _options = options;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Limits.WebhookBytesMax;
            kestrel.Limits.MaxConcurrentConnections = Limits.WebhookConnectionsMax;
            kestrel.Listen(options.Listen);
        });
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Begins to listen.</summary>
    /// <exception cref="IOException">The address is taken.</exception>
    public static async Task<WebhookServer> StartAsync(WebhookOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        WebhookServer server = new(options);
        await server._server.StartAsync(cancellationToken).ConfigureAwait(false);
        server.Address = new Uri(server._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource atOnce = new();
        await atOnce.CancelAsync().ConfigureAwait(false);
        await _server.StopAsync(atOnce.Token).ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (request.Path != "/webhooks" || !HttpMethods.IsPost(request.Method))
        {
            context.Response.StatusCode = request.Path == "/webhooks" ? StatusCodes.Status405MethodNotAllowed : StatusCodes.Status404NotFound;
            return;
        }

        try
        {
            using MemoryStream body = new();
            await request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
            context.Response.StatusCode = await HearAsync(request.Headers, body.ToArray(), context.RequestAborted).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            context.Response.StatusCode = e.StatusCode;
        }
        catch (FormatException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        catch (IOException)
        {
            // The sender went away, or the schedule cannot be written: the forge sends again.
            context.Abort();
        }
    }

    private async Task<int> HearAsync(IHeaderDictionary headers, byte[] body, CancellationToken cancellationToken)
    {
        // 1. Who says it, before anything is read.
        if (!PushSignature.IsRight(headers, body, _options.Secret.Span))
        {
            return StatusCodes.Status401Unauthorized;
        }

        // 2. What.
        if (!PushMessage.ChangesRefs(headers))
        {
            return StatusCodes.Status204NoContent;
        }

        IReadOnlyList<RepositoryUrl> urls = PushMessage.Read(body);
        string digest = Convert.ToHexStringLower(SHA256.HashData(body));
        if (IsNew(digest))
        {
            DateTimeOffset now = _options.Clock.GetUtcNow();
            _ = await _options.Tell([.. urls.Select(url => new ToldChange(url, now))], cancellationToken).ConfigureAwait(false);
            Remember(digest);
        }

        return StatusCodes.Status202Accepted;
    }

    private bool IsNew(string digest)
    {
        lock (_gate)
        {
            return !_seen.Contains(digest);
        }
    }

    private void Remember(string digest)
    {
        lock (_gate)
        {
            if (_seen.Add(digest))
            {
                _seenInOrder.Enqueue(digest);
            }

            while (_seenInOrder.Count > Limits.WebhooksRemembered)
            {
                _seen.Remove(_seenInOrder.Dequeue());
            }
        }
    }
}
