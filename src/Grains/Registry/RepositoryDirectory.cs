using System.Collections.Concurrent;
using Actors.Git.Remotes;
using Actors.Sync.Campaigns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.GrainDirectory;
using Orleans.Runtime;

namespace Actors.Grains.Registry;

/// <summary>
/// The grain directory of repositories: each is in one silo at a time. A chunk takes its next hundred repositories with one call to their
/// host's <see cref="RegistryGrain"/>, and their grains then come and go in this silo without another, where Orleans' own directory
/// would be asked twice for each visit.
/// </summary>
internal sealed partial class RepositoryDirectory : IGrainDirectory, IRepositoryHolds, IDisposable
{
    /// <summary>As <see cref="GrainDirectoryAttribute"/> knows it.</summary>
    public const string Name = "repositories";

    private readonly ConcurrentDictionary<string, HostRegistrations> _hosts = new(StringComparer.Ordinal);
    private readonly IServiceProvider _services;
    private readonly SiloAddress _silo;
    private readonly ILogger<RepositoryDirectory> _log;
    private readonly ITimer _flush;

    public RepositoryDirectory(IServiceProvider services, ILocalSiloDetails silo, TimeProvider clock, ILogger<RepositoryDirectory> log)
    {
        (_services, _silo, _log) = (services, silo.SiloAddress, log);
        _flush = clock.CreateTimer(static directory => _ = ((RepositoryDirectory)directory!).FlushAsync(), this, Limits.FlushPeriod, Limits.FlushPeriod);
    }

    public void Dispose()
    {
        _flush.Dispose();
        foreach (HostRegistrations host in _hosts.Values)
        {
            host.Dispose();
        }
    }

    public async Task<IReadOnlyList<bool>> TakeAsync(IReadOnlyList<RepositoryUrl> repositories, CancellationToken cancellationToken)
    {
        bool[] taken = new bool[repositories.Count];
        foreach (IGrouping<ForgeHost, int> host in Enumerable.Range(0, taken.Length).GroupBy(i => repositories[i].Host))
        {
            int[] places = [.. host];
            try
            {
                // Not to be cancelled: what the registry has given is known here.
                bool[] held = await Of(host.Key).HoldAsync(Array.ConvertAll(places, place => repositories[place].ToString()));
                for (int i = 0; i < places.Length; i++)
                {
                    taken[places[i]] = held[i];
                }
            }
            catch (Exception failure) when (failure is OrleansException or TimeoutException)
            {
                LogNotAsked(_log, failure, host.Key.ToString());
            }
        }

        return taken;
    }

    public void Release(RepositoryUrl repository) => Of(repository.Host).Release(repository.ToString());

    /// <summary>It is visited: what its holder has read of it may be old from now on.</summary>
    public void Touch(RepositoryUrl repository) => Of(repository.Host).Touch(repository.ToString());

    /// <summary>Whether what its holder has read of it since it was held is still true.</summary>
    public bool IsUntouched(RepositoryUrl repository) => Of(repository.Host).IsUntouched(repository.ToString());

    /// <summary>Whether this silo has it.</summary>
    public bool IsHere(RepositoryUrl repository) => Of(repository.Host).TryFind(repository.ToString(), out _);

    /// <summary>What this silo has of a host.</summary>
    public string[] List(string host, ActivationId incarnation) => Of(host).List(incarnation);

    Task<GrainAddress?> IGrainDirectory.Register(GrainAddress address) => RegisterAsync(address, null);

    Task<GrainAddress?> IGrainDirectory.Register(GrainAddress address, GrainAddress? previousAddress) => RegisterAsync(address, previousAddress);

    private async Task<GrainAddress?> RegisterAsync(GrainAddress address, GrainAddress? previousAddress)
    {
        (string repository, HostRegistrations host) = Of(address.GrainId);
        return await host.RegisterAsync(repository, address, previousAddress);
    }

    Task IGrainDirectory.Unregister(GrainAddress address)
    {
        Unregister(address);
        return Task.CompletedTask;
    }

    /// <summary>The activation is gone, and its visit has ended.</summary>
    public void Unregister(GrainAddress activation)
    {
        (string repository, HostRegistrations host) = Of(activation.GrainId);
        if (activation.SiloAddress is { } silo && silo.Equals(_silo))
        {
            host.Unregister(repository, activation);
        }
    }

    /// <summary>Registries know from the membership who is dead.</summary>
    Task IGrainDirectory.UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;

    async Task<GrainAddress?> IGrainDirectory.Lookup(GrainId grainId)
    {
        (string repository, HostRegistrations host) = Of(grainId);
        if (host.TryFind(repository, out GrainAddress? mine))
        {
            // Null: it is to be activated, and by its placement here.
            return mine;
        }

        string key = RepositoryUrl.Parse(repository).Host.ToString();
        SiloAddress? owner = await Task.Run(() => Registry(key).FindAsync(repository));
        return owner is null || owner.Equals(_silo)
            ? null
            : new GrainAddress
            {
                GrainId = grainId,
                ActivationId = ActivationId.NewId(),
                SiloAddress = owner,
                MembershipVersion = _services.GetRequiredService<IClusterMembershipService>().CurrentSnapshot.Version,
            };
    }

    private (string Repository, HostRegistrations Host) Of(GrainId grain)
    {
        string repository = grain.Key.ToString()!;
        return (repository, Of(RepositoryUrl.Parse(repository).Host));
    }

    private HostRegistrations Of(ForgeHost host) => Of(host.ToString());

    private HostRegistrations Of(string host) => _hosts.GetOrAdd(
        host,
        static (host, directory) => new HostRegistrations(
            directory._silo,
            // Not in the turn of the grain that happens to be activated.
            (taken, given) => Task.Run(() => directory.Registry(host).ExchangeAsync(directory._silo, taken, given))),
        this);

    /// <summary>Asked for when it is needed: grain factories are made after grain directories.</summary>
    private IRegistryGrain Registry(string host) => _services.GetRequiredService<IGrainFactory>().GetGrain<IRegistryGrain>(host);

    private async Task FlushAsync()
    {
        foreach ((string key, HostRegistrations host) in _hosts)
        {
            try
            {
                await host.FlushAsync();
            }
            catch (Exception failure) when (failure is OrleansException or TimeoutException or ObjectDisposedException)
            {
                LogNotAsked(_log, failure, key);
            }
        }
    }
}
