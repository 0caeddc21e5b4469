using Actors.Sync.Campaigns;
using Actors.Web.Access;
using Actors.Web.Api;

namespace Actors.Web.Metrics;

/// <summary><c>/metrics</c>.</summary>
internal static class MetricsEndpoint
{
    public static void Map(ApiRoutes routes) => routes.Get("/metrics", WriteAsync, AccessScope.Read, WebParts.Metrics);

    private static async Task WriteAsync(ApiCall call)
    {
        List<CampaignView> campaigns = [];
        await foreach (CampaignView campaign in call.Board.ListAsync(call.Token).ConfigureAwait(false))
        {
            campaigns.Add(campaign);
        }

        MetricsText text = new();
        ScheduleMetrics.Write(text, await call.ReadScheduleAsync().ConfigureAwait(false));
        EngineMetrics.WriteCampaigns(text, campaigns);
        EngineMetrics.WriteHosts(text, await call.Board.ListHostsAsync(call.Token).ConfigureAwait(false), call.Clock.GetUtcNow());
        EngineMetrics.WriteSilos(text, await call.Board.ListSilosAsync(call.Token).ConfigureAwait(false));
        ProcessMetrics.Write(text, call.Routes.Options.Version);
        await call.WriteBytesAsync(text.ToUtf8(), MetricsText.MediaType).ConfigureAwait(false);
    }
}
