using Actors.Git.Remotes;

namespace Actors.Sync.ForgeHosts;

/// <summary>A process's doors to forge hosts: visits of chunks wait here. Safe for concurrent calls.</summary>
public interface IHostPermits
{
    /// <summary>Waits for a permit while that is a matter of seconds.</summary>
    /// <returns>A permit, or why there is none.</returns>
    Task<HostAdmission> EnterAsync(ForgeHost host, CancellationToken cancellationToken);

    /// <summary>So many more (below zero: fewer) of the host's repositories wait in this process: it asks for as many permits.</summary>
    void AddWaiting(ForgeHost host, int more);
}
