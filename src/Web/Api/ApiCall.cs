using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.WorldOfCode;
using Actors.Sync.Engines;
using Actors.Sync.Schedules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Actors.Web.Api;

/// <summary>One request to the API that has passed the gate.</summary>
/// <param name="Context">The exchange.</param>
/// <param name="Routes">What the server stands on.</param>
/// <param name="Token">Cancelled when the client goes away, the server stops, or (but for streams) the time is up.</param>
internal sealed record ApiCall(HttpContext Context, ApiRoutes Routes, CancellationToken Token)
{
    public const string JsonType = "application/json";

    public HttpRequest Request => Context.Request;

    public HttpResponse Response => Context.Response;

    public WebEngine Engine => Routes.Engine;

    public ICampaignBoard Board => Routes.Engine.Board;

    /// <summary>How the schedule stands; null: not known (yet).</summary>
    public ValueTask<ScheduleView?> ReadScheduleAsync() => Routes.Schedule?.ReadAsync(Token) ?? ValueTask.FromResult<ScheduleView?>(null);

    public TimeProvider Clock => Routes.Clock;

    /// <summary>The campaign that the path names.</summary>
    public CampaignId Campaign()
    {
        try
        {
            return CampaignId.Parse(PathText("id"));
        }
        catch (FormatException e)
        {
            throw RequestRefusedException.Bad("id", e.Message);
        }
    }

    public string PathText(string name) => (string)Request.RouteValues[name]!;

    /// <summary>The query's parameters, which must be among these: a mistyped one would be passed over in silence.</summary>
    public QueryReader Query(params ReadOnlySpan<string> known) => new(Request.Query, known);

    /// <summary>The parameter <c>url</c>: any form that a list may have, but for paths.</summary>
    public static RepositoryUrl UrlOf(QueryReader query)
    {
        string text = query.Text("url") ?? throw RequestRefusedException.Bad("url", "The parameter 'url' names the repository: ?url=https://…, with its special characters escaped.");
        return RepositoryUrl.TryParse(ShortForms.Expand(text), out RepositoryUrl url, out string? reason) ? url : throw RequestRefusedException.Bad("url", reason);
    }

    public Task WriteJsonAsync(Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK) =>
        WriteBytesAsync(ApiJson.ToUtf8(write), JsonType, status);

    public async Task WriteBytesAsync(ReadOnlyMemory<byte> body, string contentType, int status = StatusCodes.Status200OK)
    {
        Response.StatusCode = status;
        Response.ContentType = contentType;
        Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(Request.Method))
        {
            await Response.Body.WriteAsync(body, Token).ConfigureAwait(false);
        }
    }

    /// <summary>Begins an answer of unknown length that is to arrive while it is written.</summary>
    public void BeginStream(string contentType)
    {
        Response.ContentType = contentType;
        Response.Headers["X-Accel-Buffering"] = "no";
        Context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }
}
