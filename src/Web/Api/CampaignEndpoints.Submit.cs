using System.IO.Compression;
using Actors.Git.Packs;
using Actors.Git.Refs;
using Actors.Store.Heads;
using Actors.Store.WorldOfCode;
using Actors.Sync.Campaigns;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Actors.Web.Api;

/// <content>A list comes in: of any length, as it is or gzip.</content>
internal static partial class CampaignEndpoints
{
    private static readonly string[] OrderNames =
        ["name", "refs", "priority", "maxAgeSeconds", "ignoreRetryTimes", "includeParked", "syncTimeMaxSeconds", "packBytesMax"];

    private static async Task SubmitAsync(ApiCall call)
    {
        // 1. The order, before a byte of the list is read.
        CampaignOrder order = OrderOf(call.Query(OrderNames));
        DemandListType(call.Request);

        // 2. The list: as long as it likes, but it must go on coming.
        if (call.Context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (call.Context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = new MinDataRate(Limits.ListBytesPerSecondMin, Limits.ListGrace);
        }

        CampaignId id;
        try
        {
            await using Stream list = await OpenListAsync(call).ConfigureAwait(false);
            id = await call.Board.SubmitAsync(order, list, call.Token).ConfigureAwait(false);
        }
        catch (ArgumentException e) when (e is not ArgumentNullException)
        {
            throw RequestRefusedException.Bad(e.ParamName ?? "order", e.Message);
        }
        catch (InvalidDataException e)
        {
            throw RequestRefusedException.Bad("Content-Encoding", $"The list is not sound gzip: {e.Message} Nothing of it is worked; send it again.");
        }

        // 3. Durable from here on.
        CampaignView view = await FindAsync(call, id).ConfigureAwait(false);
        call.Response.Headers.Location = $"{Root}/{id}";
        await call.WriteJsonAsync(json => CampaignJson.Write(json, view), StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private static CampaignOrder OrderOf(QueryReader query)
    {
        CampaignOrder order = new();
        string name = query.Text("name") ?? order.Name;
        return name.Length > Sync.Limits.CampaignNameMax
            ? throw RequestRefusedException.Bad("name", $"A campaign's name has at most {Sync.Limits.CampaignNameMax} characters.")
            : order with
            {
                Name = name,
                Refs = query.Parsed("refs", RefSelection.Parse, order.Refs),
                Priority = (int)query.Number("priority", order.Priority, -Sync.Limits.CampaignPriorityMax, Sync.Limits.CampaignPriorityMax),
                MaxAge = TimeSpan.FromSeconds(query.Number("maxAgeSeconds", (long)order.MaxAge.TotalSeconds, 0, Limits.OrderSecondsMax)),
                IgnoreRetryTimes = query.Truth("ignoreRetryTimes", order.IgnoreRetryTimes),
                IncludeParked = query.Truth("includeParked", order.IncludeParked),
                SyncTimeMax = TimeSpan.FromSeconds(query.Number("syncTimeMaxSeconds", (long)order.SyncTimeMax.TotalSeconds, 1, Limits.OrderSecondsMax)),
                PackBytesMax = query.Number("packBytesMax", order.PackBytesMax, 1, PackLimits.Default.PackBytesMax),
            };
    }

    private static void DemandListType(HttpRequest request)
    {
        string type = (request.ContentType ?? "").Split(';')[0].Trim();
        if (type.ToUpperInvariant() is not ("" or "TEXT/PLAIN" or "APPLICATION/OCTET-STREAM" or "APPLICATION/GZIP" or "APPLICATION/X-GZIP"))
        {
            throw new RequestRefusedException(new Problem(
                StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type",
                "The body is a list, one repository a line: Content-Type text/plain (curl: -H 'Content-Type: text/plain' --data-binary @list.txt).") { Field = "Content-Type" });
        }
    }

    /// <summary>The list's own bytes: without the content coding, and without gzip if the file was that.</summary>
    private static async Task<Stream> OpenListAsync(ApiCall call)
    {
        bool isPacked = call.Request.Headers.ContentEncoding.ToString().ToUpperInvariant() switch
        {
            "" or "IDENTITY" => false,
            "GZIP" or "X-GZIP" => true,
            _ => throw new RequestRefusedException(new Problem(StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "A list comes as it is, or with Content-Encoding: gzip.") { Field = "Content-Encoding" }),
        };
        // Nothing at all is what some programs pack nothing into.
        PeekedStream sent = await PeekedStream.OpenAsync(call.Request.Body, 1, call.Token).ConfigureAwait(false);
        Stream body = isPacked && !sent.Peeked.IsEmpty ? new GZipStream(sent, CompressionMode.Decompress) : sent;
        PeekedStream peeked = await PeekedStream.OpenAsync(body, 2, call.Token).ConfigureAwait(false);
        Stream list = peeked.Peeked.Span is [0x1f, 0x8b] ? new GZipStream(peeked, CompressionMode.Decompress) : peeked;
        return new CappedStream(list, Limits.ListBytesMax);
    }
}
