using Actors.Git.Remotes;
using Actors.Grains.Registry;
using Orleans.GrainDirectory;
using Orleans.Placement;
using Orleans.Runtime;

namespace Actors.Grains.Repositories;

/// <summary>Owns a repository while it is visited; the visit is <see cref="VisitDesk"/>'s.</summary>
[GrainType("actors.repository")]
[GrainDirectory(RepositoryDirectory.Name)]
[PreferLocalPlacement]
internal sealed class RepositoryGrain(VisitDesk desk, RepositoryDirectory directory, TimeProvider clock) : Grain, IRepositoryGrain, IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private Task<VisitAnswer>? _visit;
    private long _number;
    private Task? _lingering;

    /// <summary>Callers that were told that the visit runs, and have not come back.</summary>
    private int _told;

    public async Task<VisitAnswer> StartAsync(VisitOrder order)
    {
        // All of this up to the first await is one turn: nobody else begins a visit meanwhile.
        bool begun = _visit is null or { IsCompleted: true };
        if (begun)
        {
            if (_leaving.IsCancellationRequested || !desk.IsHere(order))
            {
                DeactivateOnIdle();
                return new VisitAnswer { State = VisitState.Elsewhere };
            }

            _number++;
            _told = 0;
            _visit = desk.VisitAsync(RepositoryUrl.Parse(this.GetPrimaryKeyString()), order, _leaving.Token);
        }

        VisitAnswer answer = await AnswerAsync(_number);
        return answer.State == VisitState.Running ? answer : answer with { Begun = begun && answer.Begun };
    }

    public Task<VisitAnswer> WaitAsync(long visit)
    {
        if (visit != _number || _visit is null)
        {
            return Task.FromResult(new VisitAnswer());
        }

        _told = Math.Max(0, _told - 1);
        return AnswerAsync(visit);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // Nothing is recorded of a visit that is cut off, so nobody counts it twice.
        await _leaving.CancelAsync();
        if (_visit is { IsCompleted: false })
        {
            await _visit;
        }
    }

    public void Dispose()
    {
        // Of an activation that took longer to end than Orleans waits, Orleans leaves the registration: the repository would be this silo's for ever.
        (GrainAddress address, Task visit) = (GrainContext.Address, _visit ?? Task.CompletedTask);
        _ = Task.Run(async () =>
        {
            await visit;
            directory.Unregister(address);
        });
        _leaving.Dispose();
    }

    /// <summary>Who was told that the visit runs comes back within a moment of its end, or was cut off: its repository is not kept for it.</summary>
    private async Task LingerAsync(Task visit)
    {
        await visit;
        await Task.Delay(2 * Limits.VisitWait, clock);
        if (ReferenceEquals(visit, _visit))
        {
            DeactivateOnIdle();
        }
    }

    private async Task<VisitAnswer> AnswerAsync(long number)
    {
        Task<VisitAnswer> visit = _visit!;
        try
        {
            VisitAnswer answer = await visit.WaitAsync(Limits.VisitWait, clock);
            if (_told == 0)
            {
                // Nobody will come and ask: memory is for those that are visited.
                DeactivateOnIdle();
            }

            return answer with { Visit = number };
        }
        catch (TimeoutException) when (!visit.IsCompleted)
        {
            _told++;
            if (!ReferenceEquals(visit, _lingering))
            {
                _lingering = visit;
                _ = LingerAsync(visit);
            }

            DelayDeactivation(2 * Limits.VisitWait);
            return new VisitAnswer { State = VisitState.Running, Visit = number };
        }
    }
}
