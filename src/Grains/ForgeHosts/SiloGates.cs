using System.Collections.Concurrent;
using System.Net;
using Actors.Git.Remotes;
using Actors.Sync.ForgeHosts;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Actors.Grains.ForgeHosts;

/// <summary>A silo's doors to all forge hosts that it works for.</summary>
internal sealed partial class SiloGates : IForgeObserver, IHostPermits, IDisposable
{
    private readonly ConcurrentDictionary<string, HostGate> _gates = new(StringComparer.Ordinal);
    private readonly IGrainFactory _grains;
    private readonly ForgeRules _rules;
    private readonly TimeProvider _clock;
    private readonly string _silo;
    private readonly SiloWorkOptions _options;
    private readonly Lazy<IForgeObserver> _self;
    private readonly ITimer _sweep;
    private readonly Func<ForgeHost, IPAddress?> _addressOf;
    private readonly ILogger<SiloGates> _log;

    public SiloGates(IGrainFactory grains, ILocalSiloDetails silo, GrainsParts parts, TimeProvider clock, ILogger<SiloGates> log)
    {
        (_grains, _rules, _options, _clock, _log, _silo) = (grains, parts.Rules, parts.Work, clock, log, silo.SiloAddress.ToParsableString());
        _addressOf = parts.AddressOf ?? (host => parts.Client?.Profiles.FindAddress(host));
        _self = new Lazy<IForgeObserver>(() => grains.CreateObjectReference<IForgeObserver>(this), LazyThreadSafetyMode.PublicationOnly);
        _sweep = clock.CreateTimer(static gates => ((SiloGates)gates!).Sweep(), this, Limits.GateIdleTime, Limits.GateIdleTime);
    }

    /// <summary>Syncs that run with permits of this silo.</summary>
    public int Running => _gates.Values.Sum(g => g.Running);

    /// <summary>The door to a host. To be asked for anew for each chunk: one that is idle for long is forgotten.</summary>
    public HostGate Find(ForgeHost host)
    {
        string key = ForgeKey.Of(host, _rules.Find(host));
        while (true)
        {
            HostGate gate = _gates.GetOrAdd(key, static (key, gates) => gates.Make(key), this);
            if (gate.TryUse())
            {
                return gate;
            }

            _gates.TryRemove(new KeyValuePair<string, HostGate>(key, gate));
        }
    }

    public Task<HostAdmission> EnterAsync(ForgeHost host, CancellationToken cancellationToken) => Find(host).EnterAsync(cancellationToken);

    public void AddWaiting(ForgeHost host, int more) => Find(host).AddWaiting(more);

    public Task SilenceAsync(string key, long version, TimeSpan silentFor)
    {
        if (_gates.TryGetValue(key, out HostGate? gate))
        {
            gate.Silence(version, silentFor);
        }

        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _sweep.Dispose();
        foreach (HostGate gate in _gates.Values)
        {
            gate.Dispose();
        }
    }

    private HostGate Make(string key)
    {
        IForgeGrain forge = _grains.GetGrain<IForgeGrain>(key);
        ForgeHost? unmet = ForgeKey.BudgetOf(key) is null ? ForgeHost.Parse(key) : null;
        bool failed = false;
        return new HostGate(_silo, _options.VisitsMax, CallAsync, Failed, _clock);

        void Failed(Exception failure)
        {
            // Once, not with each call, until it answers again.
            if (!failed)
            {
                failed = true;
                LogNotAsked(_log, failure, key);
            }
        }

        async Task<HostGrant> CallAsync(HostCall call)
        {
            if (unmet is { } host && _addressOf(host) is { } address && await TryShareAsync(forge, address, key))
            {
                unmet = null;
            }

            HostGrant grant = await forge.CallAsync(call, _self.Value);
            failed = false;
            return grant;
        }
    }

    /// <summary>Once, when a host has been met: others behind its address share what they bear. A silo of an earlier version, where the grain may sit, knows no such call.</summary>
    private async Task<bool> TryShareAsync(IForgeGrain forge, IPAddress address, string key)
    {
        if (IPAddress.IsLoopback(address))
        {
            // This machine has nobody's patience but our own.
            return true;
        }

        try
        {
            await forge.ShareAsync((address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString());
            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            LogNotAsked(_log, failure, key);
            return false;
        }
    }

    private void Sweep()
    {
        foreach ((string key, HostGate gate) in _gates)
        {
            if (gate.TryClose() && _gates.TryRemove(new KeyValuePair<string, HostGate>(key, gate)))
            {
                gate.Dispose();
            }
        }
    }
}
