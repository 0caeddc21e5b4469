using System.Runtime.CompilerServices;
using System.Text;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Actors.Sync.Schedules;

namespace Actors.Web.Tests.Api;

/// <summary>A board that works nothing by itself: the test says what becomes of the campaigns.</summary>
internal sealed class MemoryBoard(TimeProvider clock) : ICampaignBoard
{
    private readonly Lock _gate = new();
    private readonly List<CampaignView> _campaigns = [];
    private readonly Dictionary<CampaignId, List<ReportLine>> _reports = [];
    private TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _statesTaken;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was submitted, as it was read.</summary>
    public List<string> Lists { get; } = [];

    public List<HostView> Hosts { get; } = [];

    public List<SiloView> Silos { get; } = [];

    public WatchView? Watch { get; set; }

    public Dictionary<ForgeHost, DateTimeOffset?> Brakes { get; } = [];

    public List<SyncReport> Failed { get; } = [];

    public List<SyncReport> Slowest { get; } = [];

    /// <summary>Thrown by every look at silos and hosts, or null.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Ends when a campaign of that number is there.</summary>
    public async Task<CampaignId> SubmittedAsync(long number, CancellationToken cancellationToken)
    {
        CampaignId id = new(number);
        while (true)
        {
            (CampaignView? view, _, Task changed) = Look(id);
            if (view is not null)
            {
                return id;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Ends when so many states of campaigns have been taken by who watches, all watchers together.</summary>
    public async Task WatchedAsync(int states, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task taken;
            lock (_gate)
            {
                if (_statesTaken >= states)
                {
                    return;
                }

                taken = _taken.Task;
            }

            await taken.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The campaign's state from now on; who watches is told.</summary>
    public void Change(CampaignId id, Func<CampaignView, CampaignView> change)
    {
        lock (_gate)
        {
            int place = (int)id.Number - 1;
            _campaigns[place] = change(_campaigns[place]);
            Tell();
        }
    }

    /// <summary>A further line of its report.</summary>
    public void Report(CampaignId id, ReportLine line)
    {
        lock (_gate)
        {
            _reports[id].Add(line);
            Tell();
        }
    }

    public async Task<CampaignId> SubmitAsync(CampaignOrder order, Stream list, CancellationToken cancellationToken)
    {
        using MemoryStream copy = new();
        await list.CopyToAsync(copy, cancellationToken);
        string text = Encoding.UTF8.GetString(copy.ToArray());
        lock (_gate)
        {
            Lists.Add(text);
            CampaignId id = new(_campaigns.Count + 1);
            long lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
            _campaigns.Add(new CampaignView
            {
                Id = id,
                Order = order,
                Phase = CampaignPhase.Running,
                SubmittedAt = clock.GetUtcNow(),
                Lines = lines,
                Progress = new CampaignProgress { Elapsed = TimeSpan.Zero, Outcomes = new long[16], LinesRead = lines, ListEnded = true, Repositories = lines },
            });
            _reports.Add(id, []);
            Tell();
            return id;
        }
    }

    public async IAsyncEnumerable<CampaignView> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CampaignView[] all;
        lock (_gate)
        {
            all = [.. _campaigns.AsEnumerable().Reverse()];
        }

        foreach (CampaignView view in all)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return view;
        }
    }

    public Task<CampaignView?> FindAsync(CampaignId id, CancellationToken cancellationToken) => Task.FromResult(Look(id).View);

    public async IAsyncEnumerable<CampaignView> WatchAsync(CampaignId id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CampaignView? told = null;
        while (true)
        {
            (CampaignView? view, _, Task changed) = Look(id);
            if (view is null)
            {
                yield break;
            }

            if (view != told)
            {
                told = view;
                yield return view;
                CountTaken();
            }

            if (IsEnded(view))
            {
                yield break;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    public Task<CampaignPhase?> SteerAsync(CampaignId id, CampaignPhase wanted, CancellationToken cancellationToken)
    {
        if (Look(id).View is not { } view)
        {
            return Task.FromResult<CampaignPhase?>(null);
        }

        if (!IsEnded(view))
        {
            Change(id, v => v with { Phase = wanted, EndedAt = wanted == CampaignPhase.Cancelled ? clock.GetUtcNow() : null });
        }

        return Task.FromResult<CampaignPhase?>(Look(id).View!.Phase);
    }

    public Task<bool> SetPriorityAsync(CampaignId id, int priority, CancellationToken cancellationToken)
    {
        bool known = Look(id).View is not null;
        if (known)
        {
            Change(id, v => v with { Order = v.Order with { Priority = priority } });
        }

        return Task.FromResult(known);
    }

    public async IAsyncEnumerable<ReportLine> ReadReportAsync(CampaignId id, long after, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            (CampaignView? view, ReportLine[] lines, Task changed) = Look(id);
            foreach (ReportLine line in lines.Where(l => l.Number > after))
            {
                after = line.Number;
                yield return line;
            }

            if (!follow || view is null || IsEnded(view))
            {
                yield break;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    public Task<(IReadOnlyList<SyncReport> Failed, IReadOnlyList<SyncReport> Slowest)> ListTroublesAsync(int max, CancellationToken cancellationToken) =>
        Task.FromResult<(IReadOnlyList<SyncReport>, IReadOnlyList<SyncReport>)>(([.. Failed.Take(max)], [.. Slowest.Take(max)]));

    public Task<IReadOnlyList<string>> ExplainAsync(RepositoryUrl url, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([$"{url} waits for a permit of {url.Host}."]);

    public Task<IReadOnlyList<HostView>> ListHostsAsync(CancellationToken cancellationToken) =>
        Failure is { } failure ? Task.FromException<IReadOnlyList<HostView>>(failure) : Task.FromResult<IReadOnlyList<HostView>>([.. Hosts]);

    public Task BrakeAsync(ForgeHost host, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        Brakes[host] = until;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<SiloView>> ListSilosAsync(CancellationToken cancellationToken) =>
        Failure is { } failure ? Task.FromException<IReadOnlyList<SiloView>>(failure) : Task.FromResult<IReadOnlyList<SiloView>>([.. Silos]);

    public Task<WatchView?> ViewWatchAsync(CancellationToken cancellationToken) => Task.FromResult(Watch);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static bool IsEnded(CampaignView view) => view.Phase is CampaignPhase.Done or CampaignPhase.Cancelled;

    private (CampaignView? View, ReportLine[] Lines, Task Changed) Look(CampaignId id)
    {
        lock (_gate)
        {
            CampaignView? view = _campaigns.FirstOrDefault(c => c.Id == id);
            return (view, view is null ? [] : [.. _reports[id]], _changed.Task);
        }
    }

    /// <summary>Called when the next state is asked for: the last one has been dealt with.</summary>
    private void CountTaken()
    {
        TaskCompletionSource taken;
        lock (_gate)
        {
            _statesTaken++;
            (taken, _taken) = (_taken, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        taken.SetResult();
    }

    private void Tell()
    {
        TaskCompletionSource told = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        told.SetResult();
    }
}
