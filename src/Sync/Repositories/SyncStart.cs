using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Sync.Repositories;

/// <summary>What a sync began with.</summary>
internal readonly record struct SyncStart(
    RepositoryUrl Url, RepositoryState? Known, SyncOptions Options, DateTimeOffset At, long Timestamp)
{
    /// <summary>Where it is asked for: its own name, or where it moved for good.</summary>
    public RepositoryUrl Address => Known?.Evidence.Address ?? Url;

    /// <summary>Where it lives, if not under its name: where redirects led, else the address that was asked.</summary>
    public RepositoryUrl? MovedTo(RepositoryUrl? redirected)
    {
        RepositoryUrl? place = redirected ?? Known?.Evidence.Address;
        return place == Url ? null : place;
    }
}
