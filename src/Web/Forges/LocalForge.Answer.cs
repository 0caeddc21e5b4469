using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Actors.Web.Forges;

public sealed partial class LocalForge
{
    private const string AdvertisementPath = "info/refs";
    private const string UploadPackPath = "git-upload-pack";

    /// <summary>git's documentation, gitprotocol-http: "Discovering References" and "Smart Service git-upload-pack".</summary>
    private async Task AnswerAsync(HttpContext context)
    {
        _peaks.Begin();
        try
        {
            await AnswerRequestAsync(context).ConfigureAwait(false);
        }
        finally
        {
            _peaks.End();
        }
    }

    private async Task AnswerRequestAsync(HttpContext context)
    {
        string path = (context.Request.Path.Value ?? "").TrimStart('/');
        string endpoint = path.EndsWith('/' + AdvertisementPath, StringComparison.Ordinal) ? AdvertisementPath
            : path.EndsWith('/' + UploadPackPath, StringComparison.Ordinal) ? UploadPackPath
            : "";
        string repository = endpoint.Length == 0 ? path : path[..^(endpoint.Length + 1)];
        ForgeTally tally = TallyOf(repository);
        tally.CountRequest();
        _total.CountRequest();

        ForgeBehaviour behaviour = _behaviours.GetValueOrDefault(KeyOf(repository)) ?? Behaviour;
        await using MeteredStream body = new(context.Response, behaviour.CutAfterBytes, _time, tally, _total);
        if (behaviour.Latency > TimeSpan.Zero)
        {
            await Task.Delay(behaviour.Latency, _time, context.RequestAborted).ConfigureAwait(false);
        }

        await using Stream sent = BodyOf(context.Request);
        Stream request = sent;
        if (behaviour.Answer is not null)
        {
            MemoryStream whole = new();
            await sent.CopyToAsync(whole, context.RequestAborted).ConfigureAwait(false);
            whole.Position = 0;
            request = whole;
            if (behaviour.Answer(Describe(context.Request, repository, endpoint, whole)) is { } canned)
            {
                if (canned.OfGit is null)
                {
                    await SendAsync(context.Response, canned, body).ConfigureAwait(false);
                    return;
                }

                body.Spoiling = canned.OfGit;
                await Task.Delay(canned.OfGit.Delay, _time, context.RequestAborted).ConfigureAwait(false);
            }
        }

        await ServeAsync(context, behaviour, repository, endpoint, request, body).ConfigureAwait(false);
    }

    private async Task ServeAsync(HttpContext context, ForgeBehaviour behaviour, string repository, string endpoint, Stream request, MeteredStream body)
    {
        bool advertise = endpoint == AdvertisementPath;
        string service = context.Request.Query["service"].ToString();
        string method = advertise ? HttpMethods.Get : HttpMethods.Post;
        if (endpoint.Length == 0 || RepositoryFolder.Find(Folder, repository) is not { } folder)
        {
            await SendAsync(context.Response, CannedAnswer.Of(404, "There is no such repository.\n"), body).ConfigureAwait(false);
            return;
        }

        if (context.Request.Method != method || (advertise && service != UploadPackPath))
        {
            await SendAsync(context.Response, CannedAnswer.Of(403, "Only fetching over smart HTTP is served here.\n"), body).ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = $"application/x-git-upload-pack-{(advertise ? "advertisement" : "result")}";
        context.Response.Headers.CacheControl = "no-cache, max-age=0, must-revalidate";
        await context.Response.StartAsync(context.RequestAborted).ConfigureAwait(false);
        string? protocol = behaviour.Version2 ? context.Request.Headers["Git-Protocol"].ToString() : null;
        // git-http-backend announces the service in v0 and v1 only.
        if (advertise && protocol?.Contains("version=2", StringComparison.Ordinal) != true)
        {
            await body.WriteAsync("001e# service=git-upload-pack\n0000"u8.ToArray(), context.RequestAborted).ConfigureAwait(false);
        }

        await UploadPack.RunAsync(folder, behaviour, protocol, advertise, request, body, context.RequestAborted).ConfigureAwait(false);
    }

    private static Stream BodyOf(HttpRequest request) =>
        request.Headers.ContentEncoding.ToString() is "gzip" or "x-gzip"
            ? new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true)
            : request.Body;

    private static ForgeRequest Describe(HttpRequest request, string repository, string endpoint, MemoryStream body) => new()
    {
        Method = request.Method,
        Repository = repository,
        Endpoint = endpoint,
        Query = request.QueryString.Value ?? "",
        Headers = request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
        Body = body.GetBuffer().AsMemory(0, (int)body.Length),
    };

    private async Task SendAsync(HttpResponse response, CannedAnswer answer, MeteredStream body)
    {
        response.StatusCode = answer.Status;
        foreach ((string name, string value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        if (!answer.Body.IsEmpty && answer.End == AnswerEnd.Complete)
        {
            response.ContentLength = answer.Body.Length;
        }

        await response.StartAsync(response.HttpContext.RequestAborted).ConfigureAwait(false);
        await body.WriteAsync(answer.Body, response.HttpContext.RequestAborted).ConfigureAwait(false);
        if (answer.End == AnswerEnd.Reset)
        {
            response.HttpContext.Abort();
        }
        else if (answer.End == AnswerEnd.Stall)
        {
            await response.Body.FlushAsync(response.HttpContext.RequestAborted).ConfigureAwait(false);
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, response.HttpContext.RequestAborted).ConfigureAwait(false);
        }
    }
}
