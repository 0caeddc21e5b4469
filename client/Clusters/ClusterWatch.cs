using Actors.Client.Screens;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Spectre.Console;

namespace Actors.Client.Clusters;

/// <summary>Watching a campaign of a cluster to its end, and what the shell is told then.</summary>
internal static class ClusterWatch
{
    /// <param name="terminal">Where the summary goes.</param>
    /// <param name="engine">The cluster.</param>
    /// <param name="screen">Shows what <paramref name="follow"/> tells.</param>
    /// <param name="follow">Runs or follows a campaign.</param>
    /// <param name="cancellationToken">Ends the watching only.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        Terminal terminal, ClusterEngine engine, CampaignScreen screen, Func<Task<CampaignState>> follow, CancellationToken cancellationToken)
    {
        try
        {
            await follow();
            screen.End();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            screen.End();
            terminal.Screen.WriteLine(engine.Campaign is { } left
                ? $"interrupted: campaign {left} goes on in the cluster. 'actors campaign watch {left}' shows it again, 'actors campaign cancel {left}' ends it."
                : "interrupted: the list was not taken, nothing of it is worked");
            return ExitCode.Interrupted;
        }
        catch
        {
            screen.End();
            throw;
        }

        if (screen.Last is not { } last)
        {
            return ExitCode.AllWell;
        }

        CampaignSummary.Write(terminal.Screen, last);
        return last.Failed() > 0 || engine.End == CampaignPhase.Cancelled ? ExitCode.SomeFailed : ExitCode.AllWell;
    }
}
