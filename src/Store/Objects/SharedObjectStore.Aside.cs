using System.Runtime.CompilerServices;
using Actors.Git.Objects;
using Actors.Store.Blobs;
using Actors.Store.Catalogue;
using Actors.Store.Packs;

namespace Actors.Store.Objects;

public sealed partial class SharedObjectStore
{
    private const string ReconsiderLease = "reconsider-aside";

    private static readonly TimeSpan LeaseDuration = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public async IAsyncEnumerable<AsidePack> ListAsideAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (CatalogueAside one in await _catalogue.ListAsideAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return new AsidePack(one.Name, one.Reason, one.PackBytes, [.. one.Missing.Take(Limits.MissingListed)]);
        }
    }

    /// <inheritdoc/>
    /// <remarks>One process does it at a time; when another does, nothing is done here.</remarks>
    public async Task<int> ReconsiderAsideAsync(CancellationToken cancellationToken)
    {
        await _reconsiders.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await WithLeaseAsync(
                ReconsiderLease,
                async () =>
                {
                    int visible = 0;
                    bool again = true;
                    while (again)
                    {
                        (int published, again) = await ReconsiderOnceAsync(cancellationToken).ConfigureAwait(false);
                        visible += published;
                    }

                    return visible;
                },
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _ = _reconsiders.Release();
        }
    }

    Task IIngestTarget.KeepAsideAsync(PackIngest ingest, AsideNote note, IReadOnlyList<ObjectReference> missing, CancellationToken cancellationToken) =>
        KeepAsideAsync(ingest, note, missing, cancellationToken);

    private async Task KeepAsideAsync(PackIngest ingest, AsideNote note, IReadOnlyList<ObjectReference> missing, CancellationToken cancellationToken)
    {
        if (ingest.Packs.Count == 0)
        {
            return;
        }

        string name = AsideNote.NameOf(ingest.Packs).ToString();
        if (await _catalogue.HasAsideAsync(name, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        string[] files = [.. ingest.Packs.SelectMany(pack => (string[])[pack.PackPath, pack.IndexPath])];
        long[] lengths = [.. ingest.Packs.SelectMany(pack => (long[])[pack.Pack.File.Length, pack.Pack.Index.Length])];
        UploadIntent upload = await _catalogue.BeginUploadAsync(
            id => [.. ingest.Packs.SelectMany(pack => (BlobKey[])[BlobNames.AsidePack(name, id, pack.Checksum), BlobNames.AsideIndex(name, id, pack.Checksum)])],
            cancellationToken).ConfigureAwait(false);
        Step("upload-begun");
        await PutAsync(upload, files, cancellationToken).ConfigureAwait(false);
        var row = new CatalogueAside(
            name, upload.Keys, lengths, note.Reason, note.Colliding, [.. missing.Select(one => one.Oid)], ingest.Packs.Sum(pack => pack.Bytes));
        if (!await _catalogue.KeepAsideAsync(upload, row, cancellationToken).ConfigureAwait(false))
        {
            await GiveUpAsync(upload).ConfigureAwait(false);
        }

        Step("kept-aside");
    }

    /// <summary>Publishes what is closed now.</summary>
    /// <returns>How many packs became visible; and whether the rest is to be looked at again: something became visible, or a collision turned up.</returns>
    private async Task<(int Published, bool Again)> ReconsiderOnceAsync(CancellationToken cancellationToken)
    {
        _ = await RefreshAsync(cancellationToken).ConfigureAwait(false);
        var candidates = new List<CachedAside>();
        try
        {
            foreach (CatalogueAside one in (await _catalogue.ListAsideAsync(cancellationToken).ConfigureAwait(false)).Where(one => one.Colliding is null))
            {
                candidates.Add(await CachedAside.OpenAsync(_cache, one, cancellationToken).ConfigureAwait(false));
            }

            var lacking = new List<IReadOnlyList<Oid>>();
            foreach (CachedAside one in candidates)
            {
                lacking.Add(await FindAbsentAsync(one.Row.Missing, cancellationToken).ConfigureAwait(false));
            }

            int published = 0;
            foreach (IReadOnlyList<int> batch in PackDependencies.Solve(lacking, (i, oid) => candidates[i].Has(oid)).Batches())
            {
                CachedAside[] members = [.. batch.Select(i => candidates[i])];
                if (!await PublishAsideAsync(members, cancellationToken).ConfigureAwait(false))
                {
                    // Others may have counted on it: decide anew without it.
                    return (published, true);
                }

                published += members.Sum(one => one.PackCount);
            }

            return (published, published > 0);
        }
        finally
        {
            candidates.ForEach(one => one.Dispose());
        }
    }

    /// <summary>Publishes ingests that need each other, all or none; a collision is written down.</summary>
    private async Task<bool> PublishAsideAsync(CachedAside[] members, CancellationToken cancellationToken)
    {
        var pending = new List<PendingIngest>();
        foreach (CachedAside one in members)
        {
            pending.Add(new PendingIngest(new IngestCensus(await one.OpenPacksAsync(_cache, cancellationToken).ConfigureAwait(false))));
        }

        (PackCollision? collision, _, _) = await PublishAsync(pending, isOurs: false, cancellationToken).ConfigureAwait(false);
        if (collision is not null)
        {
            int bad = pending.FindIndex(one => one.Packs.Contains(collision.Pack));
            await _catalogue.MarkCollidingAsync(members[bad].Row.Name, collision.Oid, cancellationToken).ConfigureAwait(false);
            return false;
        }

        foreach (CachedAside one in members)
        {
            await _catalogue.RemoveAsideAsync(one.Row.Name, cancellationToken).ConfigureAwait(false);
            Step("aside-removed");
            await _blobs.DeleteAsync(one.Row.Keys, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Does work that one process does at a time; nothing, when another has the lease.</summary>
    private async Task<T> WithLeaseAsync<T>(string name, Func<Task<T>> work, CancellationToken cancellationToken)
        where T : struct
    {
        if (!await _catalogue.TryLeaseAsync(name, _leaseHolder, LeaseDuration, cancellationToken).ConfigureAwait(false))
        {
            return default;
        }

        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            if (!_disposed)
            {
                await _catalogue.ReturnLeaseAsync(name, _leaseHolder, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }
}
