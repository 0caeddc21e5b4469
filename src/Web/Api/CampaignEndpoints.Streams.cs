using System.Buffers;
using System.Text;
using System.Text.Json;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;
using Microsoft.AspNetCore.Http;

namespace Actors.Web.Api;

/// <content>What is watched: a campaign's state as server-sent events, its report as lines of JSON.</content>
internal static partial class CampaignEndpoints
{
    /// <summary>The id of the last event: a browser that comes back with it is told to stay away (HTML standard, "Server-sent events": 204).</summary>
    private const string EndedId = "ended";

    private static async Task WatchAsync(ApiCall call)
    {
        CampaignId id = call.Campaign();
        call.Query();
        _ = await FindAsync(call, id).ConfigureAwait(false);
        if (call.Request.Headers["Last-Event-ID"] == EndedId)
        {
            call.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        call.BeginStream("text/event-stream");
        EventWriter events = new(call.Response.Body);
        await events.WriteRetryAsync(Limits.EventRetry, call.Token).ConfigureAwait(false);
        long number = 0;
        await foreach (CampaignView? view in Heartbeats.WithAsync(
            call.Board.WatchAsync(id, call.Token), call.Routes.Options.HeartbeatPeriod, call.Clock, call.Token).ConfigureAwait(false))
        {
            if (view is null)
            {
                await events.WriteCommentAsync(call.Token).ConfigureAwait(false);
                continue;
            }

            bool ended = view.Phase is CampaignPhase.Done or CampaignPhase.Cancelled;
            string eventId = ended ? EndedId : (++number).ToString(System.Globalization.CultureInfo.InvariantCulture);
            await events.WriteAsync("campaign", eventId, ApiJson.ToUtf8(json => CampaignJson.Write(json, view)), call.Token).ConfigureAwait(false);
        }
    }

    private static async Task ReadReportAsync(ApiCall call)
    {
        CampaignId id = call.Campaign();
        QueryReader query = call.Query("after", "follow");
        long after = query.Number("after", 0, 0, long.MaxValue);
        bool follow = query.Truth("follow", otherwise: false);
        _ = await FindAsync(call, id).ConfigureAwait(false);
        call.BeginStream("application/x-ndjson");
        ArrayBufferWriter<byte> buffer = new(Limits.ReportFlushBytes + 4096);
        await using Utf8JsonWriter json = new(buffer, SyncReportJson.WriterOptions);
        IAsyncEnumerable<ReportLine> lines = call.Board.ReadReportAsync(id, after, follow, call.Token);
        await foreach (ReportLine? line in Heartbeats.BatchedAsync(lines, call.Routes.Options.HeartbeatPeriod, call.Clock, call.Token).ConfigureAwait(false))
        {
            if (line is not null)
            {
                ReportLineJson.Write(json, line);
                await json.FlushAsync(call.Token).ConfigureAwait(false);
                json.Reset();
                buffer.Write("\n"u8);
            }

            if (line is null || buffer.WrittenCount >= Limits.ReportFlushBytes)
            {
                await SendAsync(call, buffer).ConfigureAwait(false);
            }
        }

        // A report that ends has no empty line at its end: who counts lines counts repositories.
        if (buffer.WrittenCount > 0)
        {
            await SendAsync(call, buffer).ConfigureAwait(false);
        }
    }

    /// <summary>Sends what has gathered; when nothing has, an empty line, which shows that the connection lives.</summary>
    private static async Task SendAsync(ApiCall call, ArrayBufferWriter<byte> buffer)
    {
        ReadOnlyMemory<byte> bytes = buffer.WrittenCount > 0 ? buffer.WrittenMemory : "\n"u8.ToArray();
        await call.Response.Body.WriteAsync(bytes, call.Token).ConfigureAwait(false);
        await call.Response.Body.FlushAsync(call.Token).ConfigureAwait(false);
        buffer.ResetWrittenCount();
    }
}
