using System.Globalization;
using Actors.Client.Commands;
using Actors.Client.Screens;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Schedules;
using Actors.Web.Api;
using Actors.Web.Clients;

namespace Actors.Client.Clusters;

/// <summary>A cluster in lines: silos, forge hosts, campaigns.</summary>
internal static class ClusterStatus
{
    private const int CampaignsShown = 5;
    private const int HostsShown = 20;

    /// <summary><c>actors status --cluster URL</c>.</summary>
    public static async Task<int> PrintAsync(Terminal terminal, TimeProvider clock, ApiClientOptions cluster, CancellationToken cancellationToken)
    {
        using ApiClient api = new(cluster, clock);
        string version = await api.GreetAsync(cancellationToken);
        TextWriter lines = terminal.Lines;
        lines.WriteLine($"cluster       {api.Address}{(version.Length > 0 ? $", version {version}" : "")}");
        if (await api.ReadScheduleAsync(cancellationToken) is { } schedule && WatchRun.Footer(schedule.Figures) is { } watched)
        {
            lines.WriteLine($"watched       {watched}{LineOf(schedule.Watch)}");
        }

        IReadOnlyList<SiloView> silos = await api.ListSilosAsync(cancellationToken);
        lines.WriteLine($"silos         {silos.Count}");
        foreach (SiloView silo in silos)
        {
            lines.WriteLine("  " + LineOf(silo));
        }

        IReadOnlyList<HostView> hosts = await api.ListHostsAsync(cancellationToken);
        lines.WriteLine($"forge hosts   {Quantities.Count(hosts.Count)}");
        foreach (HostView host in hosts.Take(HostsShown))
        {
            lines.WriteLine("  " + LineOf(host, clock.GetUtcNow()));
        }

        if (hosts.Count > HostsShown)
        {
            lines.WriteLine($"  and {Quantities.Count(hosts.Count - HostsShown)} more");
        }

        foreach (CampaignView campaign in await api.ListCampaignsAsync(CampaignsShown, cancellationToken))
        {
            lines.WriteLine(LineOf(campaign));
        }

        await terminal.Lines.FlushAsync(cancellationToken);
        return ExitCode.AllWell;
    }

    /// <summary>A campaign in one line.</summary>
    public static string LineOf(CampaignView campaign)
    {
        CampaignProgress progress = campaign.Progress;
        string priority = campaign.Order.Priority == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", priority {campaign.Order.Priority}");
        string failed = progress.Failed() > 0 ? $", {Quantities.Count(progress.Failed())} failed" : "";
        string skipped = progress.Skipped > 0 ? $", {Quantities.Count(progress.Skipped)} skipped" : "";
        string ended = campaign.EndedAt is { } at ? $", ended {Quantities.Time(at)}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"campaign {campaign.Id,-4} {CampaignJson.NameOf(campaign.Phase),-10} {Quantities.Count(progress.Done())} of ")
            + $"{Quantities.Count(progress.ListEnded ? progress.Repositories : campaign.Lines)} done{failed}{skipped}{priority}, submitted {Quantities.Time(campaign.SubmittedAt)}{ended}"
            + (campaign.Order.Name.Length > 0 ? $"  {CampaignScreen.Printable(campaign.Order.Name)}" : "");
    }

    private static string LineOf(WatchView? watch) => watch is null ? ""
        : $"; {Quantities.Count(watch.Visits)} visits since {Quantities.Time(watch.StartedAt)}, {Quantities.Count(watch.Found)} found something, {Quantities.Count(watch.Told)} changes told";

    private static string LineOf(SiloView silo) =>
        $"{silo.Name,-24} {silo.Status,-12} running {silo.Running}, done {Quantities.Count(silo.Done)}"
        + (silo.CpuShare is { } cpu ? string.Create(CultureInfo.InvariantCulture, $", cpu {cpu * 100:0} %") : "")
        + (silo.MemoryBytes is { } memory ? $", {Quantities.Bytes(memory)}" : "")
        + (silo.Activations > 0 ? $", {Quantities.Count(silo.Activations)} grains" : "");

    private static string LineOf(HostView host, DateTimeOffset now) =>
        $"{host.Host.ToString(),-24} running {host.Running} of {host.Allowed}, waiting {Quantities.Count(host.Waiting)}, done {Quantities.Count(host.Done)}"
        + (host.RequestsPerSecond is { } rate ? string.Create(CultureInfo.InvariantCulture, $", {rate:0.##} requests/s") : "")
        + (host.Throttled > 0 ? $", throttled {Quantities.Count(host.Throttled)}" : "")
        + (host.SilentUntil is { } silent && silent > now ? $", silent until {Quantities.Time(silent)}" : "")
        + (host.BrakedUntil is { } braked && braked > now ? $", braked until {Quantities.Time(braked)}" : "")
        + (host.IsDown ? ", down" : "");
}
