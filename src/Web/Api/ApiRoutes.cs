using Actors.Store.Schedules;
using Actors.Sync.Schedules;
using Actors.Web.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Actors.Web.Api;

/// <summary>
/// Maps handlers, each behind the same steps: is it offered at this address, may the caller pass, is there room; then the handler
/// with its time; then failures become problems.
/// </summary>
internal sealed partial class ApiRoutes(IEndpointRouteBuilder endpoints, WebEngine engine, WebServerOptions options, TimeProvider clock, ILogger log, CancellationToken stopping)
    : IDisposable
{
    private readonly AccessGate _gate = new(options.Tokens, options.HostNames);
    private readonly SemaphoreSlim _streams = new(Limits.StreamsMax);

    public WebEngine Engine { get; } = engine;

    /// <summary>How far the store is behind the forges; null: nothing is scheduled there.</summary>
    public ScheduleGauge? Schedule { get; } = engine.Schedule ?? (engine.Heads is IScheduleStore schedule ? new ScheduleGauge(schedule, clock) : null);

    public WebServerOptions Options { get; } = options;

    public TimeProvider Clock { get; } = clock;

    /// <summary>Objects are held whole in memory while they are sent.</summary>
    public SemaphoreSlim ObjectReads { get; } = new(Limits.ObjectReadsAtOnce);

    public void Get(string pattern, ApiHandler handler, AccessScope scope = AccessScope.Read, WebParts part = WebParts.Api) =>
        Map(HttpMethods.Get, pattern, scope, part, streams: false, handler);

    /// <summary>An answer that may last for ever.</summary>
    public void GetStream(string pattern, ApiHandler handler) => Map(HttpMethods.Get, pattern, AccessScope.Read, WebParts.Api, streams: true, handler);

    /// <summary>A request that may last for ever.</summary>
    public void PostStream(string pattern, ApiHandler handler) => Map(HttpMethods.Post, pattern, AccessScope.Write, WebParts.Api, streams: true, handler);

    public void Map(string method, string pattern, AccessScope scope, WebParts part, bool streams, ApiHandler handler) =>
        endpoints.MapMethods(pattern, [method], context => AnswerAsync(context, scope, part, streams, handler));

    public void Dispose()
    {
        _streams.Dispose();
        ObjectReads.Dispose();
    }

    /// <summary>Answers with a problem, unless the answer has begun.</summary>
    public static async Task RefuseAsync(HttpContext context, Problem problem)
    {
        HttpResponse response = context.Response;
        if (response.HasStarted)
        {
            context.Abort();
            return;
        }

        byte[] body = problem.ToUtf8();
        response.StatusCode = problem.Status;
        response.ContentType = Problem.MediaType;
        response.ContentLength = body.Length;
        if (problem.RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private async Task AnswerAsync(HttpContext context, AccessScope scope, WebParts part, bool streams, ApiHandler handler)
    {
        using CancellationTokenSource time = streams ? new() : new(Limits.RequestTimeMax, Clock);
        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping, time.Token);
        bool counted = false;
        try
        {
            // 1. Offered at this address?
            WebBinding? binding = context.Features.Get<WebBinding>();
            if (binding is not null && part != WebParts.None && (binding.Parts & part) == 0)
            {
                throw new RequestRefusedException(new Problem(StatusCodes.Status404NotFound, "not-found", "There is nothing of that name here."));
            }

            // 2. May the caller?
            bool isFree = scope == AccessScope.Read && binding is { ReadsNeedNoToken: true } && !Options.Tokens.IsOpen;
            _gate.Demand(context, isFree ? AccessScope.None : scope);

            // 3. Is there room?
            counted = streams && await _streams.WaitAsync(TimeSpan.Zero, context.RequestAborted).ConfigureAwait(false);
            if (streams && !counted)
            {
                throw new RequestRefusedException(new Problem(
                    StatusCodes.Status503ServiceUnavailable, "too-many-streams", $"{Limits.StreamsMax} streams are open already. Try again shortly.") { RetryAfterSeconds = Limits.RetryAfterSeconds });
            }

            await handler(new ApiCall(context, this, ends.Token)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            await EndCancelledAsync(context, isLate: time.IsCancellationRequested).ConfigureAwait(false);
        }
        catch (Exception e) when (ProblemOf(e) is { } problem)
        {
            if (problem.Status >= StatusCodes.Status500InternalServerError && e is not RequestRefusedException)
            {
                LogFailed(log, e, context.Request.Method, context.Request.Path);
            }

            await RefuseAsync(context, problem).ConfigureAwait(false);
        }
        finally
        {
            if (counted)
            {
                _streams.Release();
            }
        }
    }

    private static async Task EndCancelledAsync(HttpContext context, bool isLate)
    {
        if (context.RequestAborted.IsCancellationRequested || context.Response.HasStarted)
        {
            // Nobody waits for the answer, or its end is missing: the connection says so.
            context.Abort();
            return;
        }

        await RefuseAsync(context, isLate
            ? new Problem(StatusCodes.Status504GatewayTimeout, "timed-out", $"The engine did not answer within {Limits.RequestTimeMax.TotalSeconds:0} seconds.")
            : Stopping).ConfigureAwait(false);
    }

    private static Problem Stopping => new(StatusCodes.Status503ServiceUnavailable, "stopping", "This server is stopping. Ask another, or try again shortly.") { RetryAfterSeconds = Limits.RetryAfterSeconds };

    /// <summary>Every failure has a problem; what is ours says nothing of the inside.</summary>
    private static Problem? ProblemOf(Exception e) => e switch
    {
        RequestRefusedException refused => refused.Problem,
        BadHttpRequestException bad => new Problem(bad.StatusCode, "bad-request", bad.Message),
        Actors.Store.Heads.HeadStoreException or IOException => new Problem(StatusCodes.Status503ServiceUnavailable, "store-unavailable", "The store behind this server does not answer. Try again shortly.")
        {
            RetryAfterSeconds = Limits.RetryAfterSeconds,
        },
        _ => new Problem(StatusCodes.Status500InternalServerError, "internal-error", "Something is wrong in this server; its log has more."),
    };
}
