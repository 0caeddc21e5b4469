using Actors.Git;
using Actors.Git.Lfs;
using Actors.Store.Blobs;
using Actors.Sync.Mirrors;
using Actors.Web.Forges;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Actors.Web.Lfs;

/// <summary>
/// What a bucket cannot do by itself: answers the batch API of Git LFS (docs/api/batch.md) for mirrors in a blob store, read-only. Downloads
/// go to the bucket, or through here. It serves the mirrors' other files too, so that <c>git clone</c> of <c>ADDRESS/MIRROR</c> finds its
/// large files without configuration.
/// </summary>
public sealed partial class LfsGateway : IAsyncDisposable
{
    private readonly LfsGatewayOptions _options;
    private readonly WebApplication _server;

    private LfsGateway(LfsGatewayOptions options)
    {
        _options = options;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Limits.LfsRequestBytesMax;
            kestrel.Listen(options.Listen);
        });
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Begins to serve.</summary>
    /// <exception cref="IOException">The address is taken.</exception>
    public static async Task<LfsGateway> StartAsync(LfsGatewayOptions options, CancellationToken cancellationToken)
    {
        LfsGateway gateway = new(options);
        await gateway._server.StartAsync(cancellationToken).ConfigureAwait(false);
        gateway.Address = new Uri(gateway._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return gateway;
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
        try
        {
            HttpRequest request = context.Request;
            bool isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
            if (!MirrorPath.TryParse(request.Path.Value ?? "", out MirrorPath path))
            {
                await RefuseAsync(context, StatusCodes.Status404NotFound, "No such thing is served here.").ConfigureAwait(false);
            }
            else if (path.File != MirrorPath.Batch && isRead)
            {
                await SendFileAsync(context, path).ConfigureAwait(false);
            }
            else if (path.File == MirrorPath.Batch && HttpMethods.IsPost(request.Method))
            {
                await AnswerBatchAsync(context, path).ConfigureAwait(false);
            }
            else
            {
                await RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "Mirrors are read-only.").ConfigureAwait(false);
            }
        }
        catch (BlobStoreException e) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, e.IsTransient ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status502BadGateway, "The store behind this gateway does not answer.").ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The store or the client went away in the middle of an answer: the connection says so.
            context.Abort();
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer.
        }
    }

    private async Task AnswerBatchAsync(HttpContext context, MirrorPath path)
    {
        // 1. The message.
        LfsBatchRequest batch;
        try
        {
            MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
            batch = LfsBatchCodec.DecodeRequest(body.ToArray());
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await RefuseAsync(context, e.StatusCode, "The batch is too large.").ConfigureAwait(false);
            return;
        }
        catch (GitFormatException e)
        {
            await RefuseAsync(context, e.Kind == GitFormatError.OverLimit ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status422UnprocessableEntity, e.Message).ConfigureAwait(false);
            return;
        }

        // 2. What is asked of whom. docs/api/batch.md, "Response Errors": 403 for uploads by who may read only.
        if (batch.Operation != "download")
        {
            await RefuseAsync(context, batch.Operation == "upload" ? StatusCodes.Status403Forbidden : StatusCodes.Status422UnprocessableEntity, "A mirror takes no uploads: push to its source.").ConfigureAwait(false);
            return;
        }

        if (await FindMirrorAsync(path, context.RequestAborted).ConfigureAwait(false) is not { } mirror)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "There is no such mirror.").ConfigureAwait(false);
            return;
        }

        // 3. Each object.
        LfsBatchObject[] answers = new LfsBatchObject[batch.Objects.Count];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = Limits.LfsLookUpsAtOnce, CancellationToken = context.RequestAborted };
        await Parallel.ForAsync(0, answers.Length, parallel, async (i, token) =>
            answers[i] = await AnswerOfAsync(context, mirror, batch.Objects[i], token).ConfigureAwait(false)).ConfigureAwait(false);
        context.Response.ContentType = LfsServer.MediaType;
        await context.Response.Body.WriteAsync(LfsBatchCodec.EncodeReply(answers), context.RequestAborted).ConfigureAwait(false);
    }

    private async ValueTask<LfsBatchObject> AnswerOfAsync(HttpContext context, string mirror, LfsObject wanted, CancellationToken token)
    {
        BlobKey file = MirrorLayout.LfsObjectOf(wanted.Oid);
        if (!MirrorPath.TryKey(mirror, file.ToString(), out BlobKey key) || await _options.Blobs.FindAsync(key, token).ConfigureAwait(false) is not { } found)
        {
            return new LfsBatchObject(wanted, null, new LfsObjectError(StatusCodes.Status404NotFound, "The mirror does not have the object."));
        }

        if (found.Length != wanted.Size)
        {
            return new LfsBatchObject(wanted, null, new LfsObjectError(StatusCodes.Status422UnprocessableEntity, $"The object has {found.Length} bytes."));
        }

        (Uri address, DateTimeOffset? expires) = _options.Link is { } link
            ? await link(key, token).ConfigureAwait(false)
            : (new Uri(OwnAddress(context), key.ToString()), null);
        return new LfsBatchObject(wanted, new LfsAction(address, [], expires), null);
    }

    /// <summary>With a slash at its end.</summary>
    private Uri OwnAddress(HttpContext context) => _options.PublicAddress is { } known
        ? new Uri(known.AbsoluteUri.TrimEnd('/') + "/")
        : new Uri($"{context.Request.Scheme}://{context.Request.Host.ToUriComponent()}/");

    /// <summary>The folder of the mirror that a path means; null where there is none.</summary>
    private async ValueTask<string?> FindMirrorAsync(MirrorPath path, CancellationToken token)
    {
        foreach (string mirror in path.Candidates())
        {
            if (MirrorPath.TryKey(mirror, MirrorLayout.Head.ToString(), out BlobKey head) && await _options.Blobs.FindAsync(head, token).ConfigureAwait(false) is not null)
            {
                return mirror;
            }
        }

        return null;
    }

    /// <summary>docs/api/batch.md, "Response Errors": a message in JSON.</summary>
    private static async Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = LfsServer.MediaType;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(LfsBatchCodec.EncodeError(message), context.RequestAborted).ConfigureAwait(false);
        }
    }
}
