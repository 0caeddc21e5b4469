using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.ForgeHosts;
using Microsoft.Extensions.Logging;

namespace Actors.Sync.Engines;

/// <summary>
/// What the campaigns that run in this process at once share: one lock, what is known of forge hosts, and who is visited now. So
/// a host sees one policy whatever the number of campaigns, and a repository one visit at a time.
/// On a host that two campaigns want, the one of higher priority goes first; those of one priority take turns.
/// </summary>
internal sealed class CampaignRoom : IDisposable
{
    private readonly HostMemory _memory;
    private readonly List<CampaignRun> _runs = [];
    private readonly List<HostQueue> _changedHosts = [];
    private readonly Dictionary<string, (DateTimeOffset Since, TaskCompletionSource? Ended)> _visits = new(StringComparer.Ordinal);
    private readonly bool _inline;
    private readonly List<Wakeup> _stirred = [];
    private bool _saving;

    public CampaignRoom(HostBook hosts, IHeadStore heads, ServerProfiles profiles, TimeProvider clock, ILogger log, bool inline)
    {
        (Hosts, Heads, Clock, Log, _inline) = (hosts, heads, clock, log, inline);
        _memory = new HostMemory(heads, profiles);
    }

    /// <summary>Held for moments, never over an await or an observer's call.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Under the lock.</summary>
    public HostBook Hosts { get; }

    public IHeadStore Heads { get; }

    public TimeProvider Clock { get; }

    public ILogger Log { get; }

    /// <summary>What earlier runs remembered of hosts; before the first campaign.</summary>
    public Task LoadAsync(CancellationToken cancellationToken) => _memory.LoadAsync(Hosts, cancellationToken);

    public void Enter(CampaignRun run)
    {
        lock (Gate)
        {
            _runs.Add(run);
        }
    }

    public void Leave(CampaignRun run)
    {
        lock (Gate)
        {
            _runs.Remove(run);
            run.LeaveHosts();
            StirAll(run);
        }

        WakeStirred();
    }

    /// <summary>Under the lock: whether another campaign goes first on this host. That one is woken where it sleeps.</summary>
    public bool GivesWay(CampaignRun run, HostQueue queue)
    {
        if (_runs.Count < 2)
        {
            return false;
        }

        foreach (CampaignRun other in _runs)
        {
            if (other != run && other.Priority >= run.Priority && other.WaitsFor(queue.Host)
                && (other.Priority > run.Priority || (run.WasServedLast(queue) && other.IsIdle)))
            {
                other.StirFromOutside(queue.Known, _stirred);
                return true;
            }
        }

        return false;
    }

    /// <summary>Under the lock: a host's permit came back or went out; others who waited for that are asked again.</summary>
    public void Stir(CampaignRun run, KnownHost known)
    {
        if (_runs.Count < 2)
        {
            return;
        }

        foreach (CampaignRun other in _runs)
        {
            if (other != run)
            {
                other.StirFromOutside(known, _stirred);
            }
        }
    }

    /// <summary>Under the lock: a campaign ends, or another's priority changed.</summary>
    public void StirAll(CampaignRun? but)
    {
        foreach (CampaignRun other in _runs)
        {
            if (other != but)
            {
                other.StirAllFromOutside(_stirred);
            }
        }
    }

    /// <summary>Not under the lock: wakes whom the stirring found asleep.</summary>
    public void WakeStirred()
    {
        // Who stirred sees what it stirred; another's is woken by that one.
        while (_stirred.Count > 0)
        {
            Wakeup? sleeper;
            lock (Gate)
            {
                if (_stirred.Count == 0)
                {
                    return;
                }

                sleeper = _stirred[^1];
                _stirred.RemoveAt(_stirred.Count - 1);
            }

            sleeper.Wake();
        }
    }

    /// <summary>Sets or lifts a host's brake; at once.</summary>
    public void Brake(ForgeHost host, DateTimeOffset? until)
    {
        lock (Gate)
        {
            Hosts.Brake(host, until?.UtcTicks);
            if (Hosts.Find(host) is { } known)
            {
                foreach (CampaignRun run in _runs)
                {
                    run.StirFromOutside(known, _stirred);
                }
            }
        }

        WakeStirred();
    }

    /// <summary>Begins a visit; or, where one is under way, tells when that ends.</summary>
    public Task? BeginVisit(string url)
    {
        lock (Gate)
        {
            if (_visits.TryAdd(url, (Clock.GetUtcNow(), null)))
            {
                return null;
            }

            (DateTimeOffset since, TaskCompletionSource? ended) = _visits[url];
            ended ??= new TaskCompletionSource(_inline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
            _visits[url] = (since, ended);
            return ended.Task;
        }
    }

    public void EndVisit(string url)
    {
        TaskCompletionSource? ended;
        lock (Gate)
        {
            _visits.Remove(url, out (DateTimeOffset Since, TaskCompletionSource? Ended) visit);
            ended = visit.Ended;
        }

        ended?.SetResult();
    }

    /// <summary>Since when a repository is being visited, or null.</summary>
    public DateTimeOffset? VisitedSince(string url)
    {
        lock (Gate)
        {
            return _visits.TryGetValue(url, out (DateTimeOffset Since, TaskCompletionSource? Ended) visit) ? visit.Since : null;
        }
    }

    /// <summary>Under the lock: the host's policy is to be saved.</summary>
    public void MarkChanged(HostQueue host)
    {
        if (!host.ToBeSaved)
        {
            host.ToBeSaved = true;
            _changedHosts.Add(host);
        }
    }

    /// <summary>Saves hosts whose policies changed. One at a time, so that no older state follows a newer one: who comes meanwhile leaves it to the next.</summary>
    public async Task SaveHostsAsync()
    {
        List<(ForgeHost, long, string?)> changed = [];
        lock (Gate)
        {
            if (_saving)
            {
                return;
            }

            _saving = true;
            foreach (HostQueue queue in _changedHosts)
            {
                queue.ToBeSaved = false;
                queue.SavedVersion = queue.Policy.Version;
                changed.Add((queue.Host, queue.Policy.SilentUntil, queue.Policy.ToText()));
            }

            _changedHosts.Clear();
        }

        try
        {
            await _memory.SaveAsync(changed, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            lock (Gate)
            {
                _saving = false;
            }
        }
    }

    public void Dispose() => _memory.Dispose();
}
