using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Listings;

namespace Actors.Sync.Repositories;

/// <content>What a listing says that a new repository is a fork of.</content>
public sealed partial class RepositorySync
{
    /// <summary>The heads of the nearest ancestor by forking that was visited; null: it is listed as no fork, or none was.</summary>
    private async ValueTask<Snapshot?> ReadParentAsync(SyncStart start, CancellationToken cancellationToken)
    {
        if (start.Options.Listings is not { } listings)
        {
            return null;
        }

        RepositoryUrl url = start.Url;
        for (int generation = 0; generation < Limits.ForkGenerationsMax; generation++)
        {
            if ((await listings.FindListedAsync([url], cancellationToken).ConfigureAwait(false))[0] is not { Parent: { } parent })
            {
                return null;
            }

            if ((await _heads.FindAsync([parent], cancellationToken).ConfigureAwait(false))[0] is { Snapshot: { } snapshot })
            {
                return await _heads.ReadSnapshotAsync(snapshot, cancellationToken).ConfigureAwait(false);
            }

            url = parent;
        }

        return null;
    }
}
