using Actors.Sync.ForgeHosts;
using Microsoft.Extensions.Logging;
using Orleans.Placement;
using Orleans.Runtime;

namespace Actors.Grains.ForgeHosts;

/// <summary>Loads, asks <see cref="HostBudget"/>, saves, returns.</summary>
[GrainType("actors.forge")]
[PreferLocalPlacement]
internal sealed partial class ForgeGrain(
    [PersistentState("budget", StorageNames.Forges)] IPersistentState<ForgeRecord> record, ForgeRules rules, TimeProvider clock, ILogger<ForgeGrain> log) : Grain, IForgeGrain
{
    private readonly Dictionary<string, IForgeObserver> _observers = new(StringComparer.Ordinal);
    private HostBudget _budget = null!;
    private string _key = "";

    /// <summary>Another grain, which owns the host's patience; null: this one does.</summary>
    private IForgeGrain? Owner => record.State.SharedWith is { } key ? GrainFactory.GetGrain<IForgeGrain>(key) : null;

    private long Now => clock.GetUtcNow().UtcTicks;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = this.GetPrimaryKeyString();
        HostBudgetState? kept = HostBudget.Read(record.State.Budget);
        // Silences are spread; who sits where does not matter.
        Random random = new(HashCode.Combine(_key, Now));
        _budget = new HostBudget(rules.FindByKey(_key), random, kept, Now);
        await SaveAsync(handOver: false);
        if (kept is { InUse: true })
        {
            LogTakenOver(log, _key);
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            await SaveAsync(handOver: true);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The next owner waits until all that was leased has ended.
            LogNotHandedOver(log, failure, _key);
        }
    }

    public async Task<HostGrant> CallAsync(HostCall call, IForgeObserver observer)
    {
        if (Owner is { } owner)
        {
            // To the owner each of a silo's hosts is a silo of its own.
            return await owner.CallAsync(call with { Silo = ForgeKey.SiloFor(call.Silo, _key) }, observer);
        }

        if (_budget.ShouldConfirm(Now))
        {
            await SaveAsync(handOver: false);
        }

        _observers[call.Silo] = observer;
        long version = _budget.Version;
        HostGrant grant = _budget.Answer(call, Now);
        if (_budget.MustSave)
        {
            await SaveAsync(handOver: false);
        }

        if (_budget.Version != version)
        {
            LogSilent(log, _key, new DateTimeOffset(_budget.SilentUntil, TimeSpan.Zero));
            Tell(call.Silo);
        }

        return _budget.MayAnswer(Now) ? grant : throw new OrleansException($"The owner of {_key} could not confirm that it is.");
    }

    public async Task<string> ShareAsync(string address)
    {
        if (record.State.Address is null && ForgeKey.BudgetOf(_key) is null)
        {
            string first = await GrainFactory.GetGrain<IAddressGrain>(address).JoinAsync(_key);
            (record.State.Address, record.State.SharedWith) = (address, first == _key ? null : first);
            await SaveAsync(handOver: false);
            if (record.State.SharedWith is { } owner)
            {
                LogShared(log, _key, owner, address);
            }
        }

        return record.State.SharedWith ?? _key;
    }

    public async Task BrakeAsync(DateTimeOffset? until)
    {
        if (Owner is { } owner)
        {
            await owner.BrakeAsync(until);
            return;
        }

        _budget.Brake(until?.UtcTicks ?? 0);
        await SaveAsync(handOver: false);
        Tell(but: null);
    }

    public async Task<HostView> ViewAsync() => Owner is { } owner ? await owner.ViewAsync() with { Host = ForgeKey.HostOf(_key) } : _budget.View(ForgeKey.HostOf(_key), Now);

    private async Task SaveAsync(bool handOver)
    {
        long begunAt = Now;
        record.State.Budget = HostBudget.Write(_budget.Save(handOver));
        await record.WriteStateAsync();
        _budget.Confirm(begunAt);
    }

    private void Tell(string? but)
    {
        long left = Math.Max(0, _budget.SilentUntil - Now);
        foreach ((string silo, IForgeObserver observer) in _observers)
        {
            if (silo != but)
            {
                observer.SilenceAsync(ForgeKey.GateOf(silo) ?? _key, _budget.Version, TimeSpan.FromTicks(left)).Ignore();
            }

            if (!_budget.Knows(silo))
            {
                // It has nothing now, and is told for the last time: until it calls again.
                _observers.Remove(silo);
            }
        }
    }
}
