using Orleans.Placement;
using Orleans.Runtime;

namespace Actors.Grains.Registry;

/// <summary>One host's registry. Silos that are dead have nothing.</summary>
[GrainType("actors.registry")]
[PreferLocalPlacement]
internal sealed class RegistryGrain(IRegistrationReader silos, IClusterMembershipService membership) : Grain, IRegistryGrain
{
    private readonly Dictionary<string, SiloAddress> _owners = new(StringComparer.Ordinal);
    private MembershipVersion _seen;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await membership.Refresh(cancellationToken: cancellationToken);
        (SiloAddress Silo, Task<string[]> Repositories)[] asked = [.. Alive().Select(silo => (silo, silos.At(silo).ListAsync(this.GetPrimaryKeyString(), GrainContext.ActivationId)))];
        foreach ((SiloAddress silo, Task<string[]> repositories) in asked)
        {
            try
            {
                foreach (string repository in await repositories)
                {
                    _owners.TryAdd(repository, silo);
                }
            }
            catch (Exception failure) when (failure is OrleansException or TimeoutException)
            {
                await membership.Refresh(cancellationToken: cancellationToken);
                if (membership.CurrentSnapshot.GetSiloStatus(silo) == SiloStatus.Active)
                {
                    // Whoever asked this registry asks again. One that leaves has ended its work before it stopped to answer.
                    throw;
                }
            }
        }

        _seen = membership.CurrentSnapshot.Version;
    }

    public Task<RegistryAnswer> ExchangeAsync(SiloAddress silo, string[] taken, string[] given)
    {
        ForgetTheDead();
        foreach (string repository in given)
        {
            if (_owners.TryGetValue(repository, out SiloAddress? owner) && owner.Equals(silo))
            {
                _owners.Remove(repository);
            }
        }

        SiloAddress[] owners = new SiloAddress[taken.Length];
        for (int i = 0; i < taken.Length; i++)
        {
            if (!_owners.TryGetValue(taken[i], out SiloAddress? owner))
            {
                _owners[taken[i]] = owner = silo;
            }

            owners[i] = owner;
        }

        return Task.FromResult(new RegistryAnswer { Incarnation = GrainContext.ActivationId, Owners = owners });
    }

    public Task<SiloAddress?> FindAsync(string repository)
    {
        ForgetTheDead();
        return Task.FromResult(_owners.GetValueOrDefault(repository));
    }

    private void ForgetTheDead()
    {
        MembershipVersion now = membership.CurrentSnapshot.Version;
        if (now != _seen)
        {
            _seen = now;
            foreach (string repository in _owners.Where(entry => !IsAlive(entry.Value)).Select(entry => entry.Key).ToArray())
            {
                _owners.Remove(repository);
            }
        }
    }

    /// <summary>Those that stop have what they still visit; those that join have nothing yet, and ask first.</summary>
    private IEnumerable<SiloAddress> Alive() => membership.CurrentSnapshot.Members.Values
        .Where(member => member.Status is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping).Select(member => member.SiloAddress);

    private bool IsAlive(SiloAddress silo) => membership.CurrentSnapshot.GetSiloStatus(silo) != SiloStatus.Dead;
}
