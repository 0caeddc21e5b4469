using Actors.Client.Clusters;
using Actors.Client.Reports;
using Actors.Client.Screens;
using Actors.Sync.Campaigns;
using Actors.Web.Clients;
using Spectre.Console;

namespace Actors.Client.Commands;

/// <content>The campaign is worked by a cluster; what is seen and written here is the same.</content>
internal sealed partial class SyncRun
{
    private async Task<int> RunOnClusterAsync(ApiClientOptions cluster, CancellationToken cancellationToken)
    {
        ListSources list = new(Sources, terminal.Input);
        using TextReader lines = list.Open();
        CampaignRequest request = Request(list, lines, null);
        // A cluster tells its report from the first line, so a resumed one is written anew.
        using ReportWriter? report = ReportWriter.Open(Detach ? null : ReportPath, terminal.Output, append: false);
        CampaignScreen screen = new(terminal, report, clock, Quiet);
        await using ClusterEngine engine = new(cluster, clock, screen.Say);
        if (Detach)
        {
            return await SubmitAsync(engine, request, cancellationToken);
        }

        return await ClusterWatch.RunAsync(terminal, engine, screen, () => engine.RunAsync(request, screen, cancellationToken), cancellationToken);
    }

    private async Task<int> SubmitAsync(ClusterEngine engine, CampaignRequest request, CancellationToken cancellationToken)
    {
        await engine.Api.GreetAsync(cancellationToken);
        CampaignView campaign = await engine.SubmitAsync(request, cancellationToken);
        terminal.Lines.WriteLine(campaign.Id.ToString());
        await terminal.Lines.FlushAsync(cancellationToken);
        terminal.Screen.WriteLine($"campaign {campaign.Id}, {Quantities.Count(campaign.Lines)} lines; 'actors campaign watch {campaign.Id}' shows how far it is");
        return ExitCode.AllWell;
    }
}
