using System.Collections.Concurrent;
using System.Net;

namespace Actors.Git.Remotes;

/// <summary>What hosts have taught about their servers, for one process. Filled from the head store at start, saved there when it changes.</summary>
public sealed class ServerProfiles
{
    private readonly ConcurrentDictionary<ForgeHost, ServerProfile> _profiles = new();

    /// <summary>Called after each change; not under a lock.</summary>
    public Action<ForgeHost, ServerProfile>? Learnt { get; set; }

    private readonly ConcurrentDictionary<ForgeHost, IPAddress> _addresses = new();

    /// <summary>Where a host was last reached, or null: not yet, or through a proxy.</summary>
    public IPAddress? FindAddress(ForgeHost host) => _addresses.GetValueOrDefault(host);

    /// <summary>Remembers where a host was reached.</summary>
    public void LearnAddress(ForgeHost host, IPAddress address) => _addresses[host] = address;

    public ServerProfile? Find(ForgeHost host) => _profiles.GetValueOrDefault(host);

    /// <summary>Remembers, and tells <see cref="Learnt"/> when it is news.</summary>
    public void Learn(ForgeHost host, ServerProfile profile)
    {
        bool news = !_profiles.TryGetValue(host, out ServerProfile? known) || known != profile;
        _profiles[host] = profile;
        if (news)
        {
            Learnt?.Invoke(host, profile);
        }
    }

    /// <summary>Remembers what a store kept from an earlier run; tells nobody.</summary>
    public void Restore(ForgeHost host, ServerProfile profile) => _profiles.TryAdd(host, profile);
}
