using System.Collections.Concurrent;
using System.Net;
using Actors.Git.Lfs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Actors.TestKit.Servers;

/// <summary>
/// An LFS server on the loopback address, as a forge has one: the batch API below any repository's URL, downloads with a header of their own.
/// Objects are in memory. With a forge given, all other requests are sent on to it (307), so that one URL has a repository and its large
/// files. Faults are set by properties, at any time.
/// </summary>
public sealed class LfsSource : IAsyncDisposable
{
    /// <summary>What downloads must bring along.</summary>
    public const string Token = "Bearer download-token";

    private readonly ConcurrentDictionary<LfsOid, byte[]> _objects = new();
    private readonly ConcurrentQueue<LfsExchange> _requests = new();
    private readonly WebApplication _server;
    private readonly Uri? _forge;

    private LfsSource(Uri? forge)
    {
        _forge = forge;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    /// <summary>Where it listens, with a slash at its end.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>All requests so far but those that were sent on to the forge.</summary>
    public IReadOnlyList<LfsExchange> Requests => [.. _requests];

    /// <summary>Answers batches in its own way; null: as it should.</summary>
    public Func<LfsBatchRequest, IReadOnlyList<LfsBatchObject>?>? Batch { get; set; }

    /// <summary>Answers any request in its own way: true, it did.</summary>
    public Func<HttpContext, Task<bool>>? Intercept { get; set; }

    /// <summary>Downloads to be cut off after so many bytes: one of these for each, in order.</summary>
    public ConcurrentQueue<int> Cuts { get; } = new();

    /// <summary>Whether downloads may begin in the middle.</summary>
    public bool HasRanges { get; set; } = true;

    /// <summary>Begins to listen.</summary>
    public static async Task<LfsSource> StartAsync(Uri? forge = null)
    {
        LfsSource source = new(forge);
        await source._server.StartAsync().ConfigureAwait(false);
        source.Address = new Uri(source._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/");
        return source;
    }

    /// <summary>Puts an object there.</summary>
    public LfsObject Add(byte[] content)
    {
        LfsObject added = new(LfsOid.Of(content), content.Length);
        _objects[added.Oid] = content;
        return added;
    }

    /// <summary>Puts other bytes where an object was.</summary>
    public void Damage(LfsObject damaged, byte[] content) => _objects[damaged.Oid] = content;

    /// <summary>The action for an object that the server has.</summary>
    public LfsAction DownloadOf(LfsObject wanted, DateTimeOffset? expires = null) => new(new Uri(Address, $"objects/{wanted.Oid}"), [new("Authorization", Token)], expires);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource now = new();
        await now.CancelAsync().ConfigureAwait(false);
        await _server.StopAsync(now.Token).ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        string path = request.Path.Value ?? "";
        bool isBatch = path.EndsWith("/objects/batch", StringComparison.Ordinal);
        if (!isBatch && !path.StartsWith("/objects/", StringComparison.Ordinal) && _forge is not null)
        {
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = new Uri(_forge, path + request.QueryString).AbsoluteUri;
            return;
        }

        _requests.Enqueue(new LfsExchange(request.Method, path, request.Headers.Authorization.ToString(), request.Headers.Range.ToString()));
        if (Intercept is { } intercept && await intercept(context).ConfigureAwait(false))
        {
            return;
        }

        await (isBatch ? AnswerBatchAsync(context) : SendObjectAsync(context, path["/objects/".Length..])).ConfigureAwait(false);
    }

    private async Task AnswerBatchAsync(HttpContext context)
    {
        MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body).ConfigureAwait(false);
        LfsBatchRequest batch = LfsBatchCodec.DecodeRequest(body.ToArray());
        IReadOnlyList<LfsBatchObject> answers = Batch?.Invoke(batch) ?? [.. batch.Objects.Select(wanted => _objects.ContainsKey(wanted.Oid)
            ? new LfsBatchObject(wanted, DownloadOf(wanted), null)
            : new LfsBatchObject(wanted, null, new LfsObjectError(404, "Object does not exist")))];
        context.Response.ContentType = LfsServer.MediaType;
        await context.Response.Body.WriteAsync(LfsBatchCodec.EncodeReply(answers)).ConfigureAwait(false);
    }

    private async Task SendObjectAsync(HttpContext context, string name)
    {
        if (!LfsOid.TryParse(name, out LfsOid oid) || !_objects.TryGetValue(oid, out byte[]? content))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (context.Request.Headers.Authorization != Token)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        int from = 0;
        if (HasRanges && context.Request.GetTypedHeaders().Range?.Ranges.Single().From is { } asked)
        {
            from = (int)asked;
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }

        context.Response.ContentLength = content.Length - from;
        int length = Cuts.TryDequeue(out int cut) ? Math.Min(cut, content.Length - from) : content.Length - from;
        // Fewer bytes than announced: the server closes the connection.
        await context.Response.Body.WriteAsync(content.AsMemory(from, length)).ConfigureAwait(false);
    }
}
