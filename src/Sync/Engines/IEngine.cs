using Actors.Store.Heads;
using Actors.Sync.Campaigns;

namespace Actors.Sync.Engines;

/// <summary>
/// Runs campaigns. One interface, two implementations: in this process (<see cref="LocalEngine"/>), and a cluster's. Both call
/// the same domain classes and hold no logic of their own.
/// </summary>
public interface IEngine : IAsyncDisposable
{
    /// <summary>Runs a campaign to its end, or resumes it where it stopped.</summary>
    /// <param name="request">The list and how to work it.</param>
    /// <param name="observer">Told what happens.</param>
    /// <param name="cancellationToken">Stops taking up repositories, lets running commits end, saves the position, then throws.</param>
    /// <returns>The campaign at its end.</returns>
    Task<CampaignState> RunAsync(CampaignRequest request, ICampaignObserver observer, CancellationToken cancellationToken);
}
