using Actors.Git.Remotes;
using Actors.Sync.ForgeHosts;

namespace Actors.Sync.Engines;

/// <summary>What other campaigns of this process see of this one; all under the lock that they share.</summary>
internal sealed partial class CampaignRun
{
    /// <summary>Set by who made it, under the lock; another value is to be followed by <see cref="CampaignRoom.StirAll"/>.</summary>
    public int Priority { get; set; }

    /// <summary>A worker has nothing to do.</summary>
    public bool IsIdle => _parked.Count > 0;

    /// <summary>It would take a permit of the host if it got one.</summary>
    public bool WaitsFor(ForgeHost host) => !_stopping && _queues.Find(host) is { InMemory: > 0 };

    public bool WasServedLast(HostQueue queue) => queue.Known.LastServed == _queues;

    /// <summary>A permit of the host came back, or another reason to ask again; a worker that is to be woken is added to the sleepers.</summary>
    public void StirFromOutside(KnownHost known, List<Wakeup> sleepers)
    {
        _queues.StirFromOutside(known);
        AddWorker(sleepers);
    }

    /// <summary>As <see cref="StirFromOutside"/>, for all hosts.</summary>
    public void StirAllFromOutside(List<Wakeup> sleepers)
    {
        _queues.StirAll();
        AddWorker(sleepers);
    }

    public void LeaveHosts() => _queues.Leave(_clock.GetUtcNow().UtcTicks);

    /// <summary>Repositories that wait for the host in this campaign.</summary>
    public long CountWaiting(ForgeHost host) => _queues.Find(host)?.Waiting ?? 0;

    /// <summary>Whether the repository is taken up: it waits in memory, is visited, or is being recorded.</summary>
    public bool IsOpen(RepositoryUrl url) => _open.Contains(url.ToString());

    private void AddWorker(List<Wakeup> sleepers)
    {
        if (!_stopping && WakeWorker() is { } worker)
        {
            sleepers.Add(worker);
        }
    }
}
