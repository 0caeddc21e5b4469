using Actors.Git;

namespace Actors.Store.Objects;

/// <summary>
/// Brings ingests of one process that are ready within a short time together, so that they become visible by one upload and one
/// transaction. A group waits no longer than its window, and not at all once every open ingest is in it; while enough groups are on their way, the
/// next one gathers.
/// </summary>
/// <param name="publish">Makes members visible and ends each; what it throws ends all whose end it has not set.</param>
/// <param name="countOpen">Ingests that may still come.</param>
/// <param name="options">Window and size.</param>
/// <param name="clock">Measures the window.</param>
internal sealed class GroupCommit(
    Func<IReadOnlyList<PendingIngest>, CancellationToken, Task> publish, Func<int> countOpen, SharedStoreOptions options, TimeProvider clock) : IDisposable
{
    private const int MembersMax = 64;

    /// <summary>One goes up while another is committed; more would only be smaller.</summary>
    private const int GroupsAtOnceMax = 2;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _slots = new(GroupsAtOnceMax, GroupsAtOnceMax);
    private List<PendingIngest> _waiting = [];
    private int _pending;
    private int _running;
    private bool _isDue;

    /// <summary>Makes one ingest visible, alone or with others.</summary>
    /// <param name="one">The ingest; its files are in use until this returns.</param>
    /// <param name="cancellationToken">Takes it out while it waits. Once its group is on its way it ends with the group, which is cancelled when all of it are.</param>
    public async Task<PublishedIngest> CommitAsync(PendingIngest one, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _pending++;
            if (one.Bytes >= options.GroupBytesMax)
            {
                _ = RunAsync([one]);
            }
            else
            {
                _waiting.Add(one);
                if (_waiting.Count == 1 && !IsFull())
                {
                    _ = SealAfterWindowAsync(_waiting);
                }

                if (IsFull())
                {
                    Seal(_waiting);
                }
            }
        }

        try
        {
            CancellationTokenRegistration leaving = cancellationToken.Register(() => Leave(one, cancellationToken));
            await using (leaving.ConfigureAwait(false))
            {
                return await one.End.ConfigureAwait(false);
            }
        }
        finally
        {
            lock (_gate)
            {
                _pending--;
            }
        }
    }

    /// <summary>Looks anew whether a group waits for nobody: an ingest has ended without a commit.</summary>
    public void Reconsider()
    {
        lock (_gate)
        {
            if (_waiting.Count > 0 && IsFull())
            {
                Seal(_waiting);
            }
        }
    }

    public void Dispose() => _slots.Dispose();

    private bool IsFull() => IsLarge() || _pending >= countOpen();

    private bool IsLarge() => _waiting.Count >= MembersMax || _waiting.Sum(one => one.Bytes) >= options.GroupBytesMax;

    private async Task SealAfterWindowAsync(List<PendingIngest> group)
    {
        await Task.Delay(options.GroupWindow, clock).ConfigureAwait(false);
        lock (_gate)
        {
            Seal(group);
        }
    }

    /// <summary>Sends a group on its way, if it has not gone yet and is not to wait for another one's end. Under the gate.</summary>
    private void Seal(List<PendingIngest> group)
    {
        if (!ReferenceEquals(group, _waiting))
        {
            return;
        }

        _isDue = _running >= GroupsAtOnceMax && !IsLarge();
        if (!_isDue)
        {
            _waiting = [];
            if (group.Count > 0)
            {
                _ = RunAsync(group);
            }
        }
    }

    private void Leave(PendingIngest one, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_waiting.Remove(one))
            {
                one.Cancel(cancellationToken);
                return;
            }
        }

        one.Leave();
    }

    /// <summary>Called under the gate.</summary>
    private async Task RunAsync(IReadOnlyList<PendingIngest> members)
    {
        _running++;
        using var stop = new GroupStop(members);
        await _slots.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            await RunAsync(members, stop).ConfigureAwait(false);
        }
        finally
        {
            _ = _slots.Release();
            lock (_gate)
            {
                _running--;
                if (_isDue)
                {
                    Seal(_waiting);
                }
            }
        }
    }

    private async Task RunAsync(IReadOnlyList<PendingIngest> members, GroupStop stop)
    {
        try
        {
            await publish(members, stop.Token).ConfigureAwait(false);
        }
        catch (GitFormatException) when (members.Count > 1)
        {
            // One of them is damaged on the disk: the others are not to suffer for it.
            foreach (PendingIngest one in members)
            {
                await RunAsync([one], stop).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // Each member's own caller is told.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            foreach (PendingIngest one in members)
            {
                one.Fail(failure);
            }
        }
    }
}
