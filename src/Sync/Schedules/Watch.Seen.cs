using Actors.Git.Remotes;
using Actors.Store.Schedules;

namespace Actors.Sync.Schedules;

/// <content>What a watch in a server hears of the campaigns beside it, and what it shows.</content>
public sealed partial class Watch
{
    /// <summary>Visited by others and perhaps not scheduled yet; they come with the next lines.</summary>
    private readonly HashSet<RepositoryUrl> _seen = [];

    private long _visits;
    private long _found;
    private long _told;

    /// <summary>When it last began to run; default: not yet.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>How it stands.</summary>
    public WatchView View
    {
        get
        {
            lock (_gate)
            {
                return new WatchView
                {
                    StartedAt = StartedAt, VisitsADay = _options.VisitsADay, Running = _inFlight.Count, Visits = _visits, Found = _found, Told = Interlocked.Read(ref _told),
                };
            }
        }
    }

    /// <summary>A campaign beside the watch has visited a repository: where it is not scheduled yet, it will be.</summary>
    public void See(RepositoryUrl url)
    {
        lock (_gate)
        {
            // More than that at once is a long list; what is not kept here is scheduled when the watch starts again.
            if (_seen.Count < Limits.SeenMax)
            {
                _seen.Add(url);
            }
        }
    }

    /// <summary>This process does not visit it (a server no paths, say): another may, until it is asked again.</summary>
    internal void Refused(RepositoryUrl url)
    {
        lock (_gate)
        {
            if (_inFlight.Remove(url, out ScheduledVisit? visit))
            {
                Count(url.Host, -1);
                _ended[url] = visit with { Queue = ScheduleQueue.Failing, DueAt = _clock.GetUtcNow() + Limits.RefusedPause };
            }
        }
    }

    private async ValueTask AddSeenAsync(CancellationToken cancellationToken)
    {
        List<RepositoryUrl> seen;
        lock (_gate)
        {
            seen = [.. _seen];
            _seen.Clear();
        }

        foreach (RepositoryUrl[] some in seen.Chunk(Limits.ScheduleBatch))
        {
            await AddAsync([.. some], cancellationToken).ConfigureAwait(false);
        }
    }
}
