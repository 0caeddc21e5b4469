using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;

namespace Actors.Web.Metrics;

/// <summary>What the engine did and does, as families of metrics. In a cluster every silo tells the same: take the largest, not the sum.</summary>
internal static class EngineMetrics
{
    /// <summary>All campaigns together: each counts up and is kept, so the sums only grow.</summary>
    public static void WriteCampaigns(MetricsText text, IReadOnlyCollection<CampaignView> campaigns)
    {
        text.Gauge("actors_campaigns", "Campaigns by phase.");
        foreach (CampaignPhase phase in Enum.GetValues<CampaignPhase>())
        {
            text.Sample(campaigns.Count(c => c.Phase == phase), ("phase", Api.CampaignJson.NameOf(phase)));
        }

        text.Counter("actors_syncs_total", "Syncs that ended, by outcome.");
        foreach (Outcome outcome in OutcomeNames.All)
        {
            text.Sample(campaigns.Sum(c => (int)outcome < c.Progress.Outcomes.Count ? c.Progress.Outcomes[(int)outcome] : 0), ("outcome", outcome.ToName()));
        }

        text.Counter("actors_received_bytes_total", "Bytes received from forges.").Sample(campaigns.Sum(c => c.Progress.BytesReceived));
        text.Counter("actors_saved_bytes_total", "Bytes that clones of the same repositories would have received beyond that, where sizes are known.").Sample(campaigns.Sum(c => c.Progress.BytesSaved));
        text.Counter("actors_forge_requests_total", "Requests sent to forges.").Sample(campaigns.Sum(c => c.Progress.Requests));
        text.Counter("actors_objects_total", "Objects new to the store.").Sample(campaigns.Sum(c => c.Progress.Objects));
        text.Counter("actors_rejected_lines_total", "Lines of lists that name no repository.").Sample(campaigns.Sum(c => c.Progress.Rejected));
        CampaignView[] open = [.. campaigns.Where(c => c.Phase is CampaignPhase.Running or CampaignPhase.Paused)];
        text.Gauge("actors_campaign_repositories", "Repositories taken up, of campaigns that have not ended.");
        foreach (CampaignView campaign in open)
        {
            text.Sample(campaign.Progress.Repositories, ("campaign", campaign.Id.ToString()), ("name", campaign.Order.Name));
        }

        text.Gauge("actors_campaign_done_repositories", "Repositories with an outcome, of campaigns that have not ended.");
        foreach (CampaignView campaign in open)
        {
            text.Sample(campaign.Progress.Outcomes.Sum(), ("campaign", campaign.Id.ToString()), ("name", campaign.Order.Name));
        }
    }

    /// <summary>The busiest hosts, at most <see cref="Limits.MetricsHostsMax"/>; families of all hosts have no label.</summary>
    public static void WriteHosts(MetricsText text, IReadOnlyList<HostView> hosts, DateTimeOffset now)
    {
        HostView[] shown = [.. hosts.Take(Limits.MetricsHostsMax)];
        text.Gauge("actors_hosts", "Forge hosts that have work or that something is remembered of.").Sample(hosts.Count);
        Each("actors_host_running_permits", "Permits out, by forge host.", host => host.Running);
        Each("actors_host_allowed_permits", "Permits that may be out now, by forge host.", host => host.Allowed);
        Each("actors_host_waiting_repositories", "Repositories that wait for a permit, by forge host.", host => host.Waiting);
        Each("actors_host_rate_limit_per_second", "Requests a second that may be begun now, by forge host; +Inf: no rate is held to.", host => host.RequestsPerSecond ?? double.PositiveInfinity);
        Each("actors_host_silent_seconds", "How long the forge host is to be left alone yet: it asked for it, or an operator braked it.", host => Math.Max(Left(host.SilentUntil), Left(host.BrakedUntil)));
        Each("actors_host_down", "1: the forge host does not answer.", host => host.IsDown ? 1 : 0);
        text.Counter("actors_host_syncs_total", "Syncs that ended, by forge host.");
        foreach (HostView host in shown)
        {
            text.Sample(host.Done, ("host", host.Host.ToString()));
        }

        text.Counter("actors_host_throttled_total", "Answers that asked for patience (429 and its kin), by forge host.");
        foreach (HostView host in shown)
        {
            text.Sample(host.Throttled, ("host", host.Host.ToString()));
        }

        void Each(string name, string help, Func<HostView, double> value)
        {
            text.Gauge(name, help);
            foreach (HostView host in shown)
            {
                text.Sample(value(host), ("host", host.Host.ToString()));
            }
        }

        double Left(DateTimeOffset? until) => until > now ? (until.Value - now).TotalSeconds : 0;
    }

    public static void WriteSilos(MetricsText text, IReadOnlyList<SiloView> silos)
    {
        text.Gauge("actors_silos", "Processes that work, by status.");
        foreach (IGrouping<string, SiloView> group in silos.GroupBy(silo => silo.Status, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            text.Sample(group.Count(), ("status", group.Key));
        }

        Each("actors_silo_running_syncs", "Syncs running now, by silo.", silo => silo.Running);
        Each("actors_silo_cpu_ratio", "Share of all its cores that a silo uses, 0 to 1.", silo => silo.CpuShare);
        Each("actors_silo_memory_bytes", "Resident memory, by silo.", silo => silo.MemoryBytes);
        Each("actors_silo_activations", "Grains in memory, by silo.", silo => silo.Activations);
        text.Counter("actors_silo_syncs_total", "Syncs that ended since the silo's start.");
        foreach (SiloView silo in silos)
        {
            text.Sample(silo.Done, ("silo", silo.Name));
        }

        void Each(string name, string help, Func<SiloView, double?> value)
        {
            text.Gauge(name, help);
            foreach (SiloView silo in silos)
            {
                if (value(silo) is { } known)
                {
                    text.Sample(known, ("silo", silo.Name));
                }
            }
        }
    }
}
