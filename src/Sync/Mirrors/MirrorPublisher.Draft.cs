using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Store.Blobs;
using Actors.Store.Heads;
using Actors.Store.Objects;

namespace Actors.Sync.Mirrors;

public sealed partial class MirrorPublisher
{
    private async Task<MirrorDraft> DraftAsync(
        RepositoryUrl source, Snapshot snapshot, MirrorState? before, CountedBlobs blobs, CancellationToken cancellationToken)
    {
        // 1. Refs as they were and as they are to be; what would be lost is kept.
        List<MirrorRef> shown = before is null ? [] : await ReadRefsAsync(blobs, cancellationToken).ConfigureAwait(false);
        List<MirrorRef> refs = MirrorRefs.Of(snapshot);
        Oid? detached = MirrorRefs.DetachedHead(snapshot);
        Oid[] tips = [.. Tips(refs, detached)];
        DateTimeOffset now = clock.GetUtcNow();
        long generation = (before?.Generation ?? 0) + 1;
        IReadOnlyList<MirrorRef> lost = await MirrorHistory.FindLostAsync(
            objects, shown, before?.DetachedHead, tips, generation, now, cancellationToken).ConfigureAwait(false);
        List<MirrorRef> history = [.. shown.Where(MirrorRefs.IsHistory), .. lost];

        // 2. What the mirror lacks, in a pack of its own or with small packs that it replaces.
        List<ObjectReference> listed = await ListAsync(tips, [.. Tips(shown, before?.DetachedHead)], cancellationToken).ConfigureAwait(false);
        List<Oid> fresh = [.. listed.Select(one => one.Oid)];
        MirrorPackUpload upload = new(objects, spool, blobs, options.PackBytesMax);
        (IReadOnlyList<MirrorPack> written, IReadOnlyList<MirrorPack> merged) =
            await WritePacksAsync(upload, before?.Packs ?? [], fresh, cancellationToken).ConfigureAwait(false);
        MirrorBundle? bundle = await WriteBundleAsync(
            before, snapshot.Id, refs, tips, written.Sum(pack => pack.PackBytes), blobs, cancellationToken).ConfigureAwait(false);

        LfsTally brought = await BringLfsAsync(source, before, listed, tips, blobs, cancellationToken).ConfigureAwait(false);

        // 3. What is there no more, and since when.
        List<MirrorPack> packs = Combine(before?.Packs ?? [], merged, written);
        RetiredPack[] retired = [.. Retire(before?.Retired ?? [], merged, packs, now)];
        List<BlobKey> deletions = [.. retired.Where(pack => IsDue(pack, now)).SelectMany(pack => KeysOf(pack.Name))];
        if (merged.Count > 0)
        {
            deletions.AddRange(await FindOrphansAsync(packs, retired, blobs, cancellationToken).ConfigureAwait(false));
        }

        return new MirrorDraft
        {
            Before = before,
            State = new MirrorState
            {
                Generation = generation,
                IsPublished = true,
                Source = source.ToString(),
                Snapshot = snapshot.Id,
                DetachedHead = detached,
                At = now,
                Refs = refs.Count,
                HistoryRefs = history.Count,
                Packs = packs,
                Retired = [.. retired.Where(pack => !IsDue(pack, now))],
                Bundle = bundle,
                LfsGeneration = options.Lfs && brought.Failure is null ? generation : before?.LfsGeneration ?? 0,
                LfsMissing = options.Lfs ? brought.Missing : before?.LfsMissing ?? 0,
            },
            Refs = MirrorRefs.Format([.. refs, .. history]),
            Head = MirrorRefs.FormatHead(snapshot),
            Deletions = deletions,
            NewObjects = fresh.Count,
            PacksMerged = merged.Count,
            HistoryKept = lost.Count,
            Lfs = brought,
        };
    }

    private async Task<List<ObjectReference>> ListAsync(Oid[] tips, Oid[] except, CancellationToken cancellationToken)
    {
        List<ObjectReference> listed = [];
        await foreach (ObjectReference one in ObjectWalk.ListAsync(objects, tips, except, exact: false, cancellationToken).ConfigureAwait(false))
        {
            listed.Add(one);
        }

        return listed;
    }

    /// <summary>Of new blobs where the mirror has all of the others; else of all that it shows.</summary>
    private async Task<LfsTally> BringLfsAsync(
        RepositoryUrl source, MirrorState? before, List<ObjectReference> listed, Oid[] tips, CountedBlobs blobs, CancellationToken cancellationToken)
    {
        if (!options.Lfs || lfs is null)
        {
            return LfsTally.None;
        }

        bool incremental = before is null || (before.LfsGeneration == before.Generation && before.LfsMissing == 0);
        List<ObjectReference> looked = incremental ? listed : await ListAsync(tips, [], cancellationToken).ConfigureAwait(false);
        return await new MirrorLfs(objects, lfs, spool, blobs).BringAsync(
            source, looked.Where(one => one.Type == ObjectType.Blob).Select(one => one.Oid), cancellationToken).ConfigureAwait(false);
    }

    private static IEnumerable<Oid> Tips(IEnumerable<MirrorRef> refs, Oid? detached) =>
        refs.Select(one => one.Oid).Concat(detached is { } head ? [head] : []).Distinct();

    /// <summary>A mirror whose <c>info/refs</c> somebody removed shows nothing: all is written anew.</summary>
    private static async Task<List<MirrorRef>> ReadRefsAsync(CountedBlobs blobs, CancellationToken cancellationToken) =>
        await blobs.ReadAsync(MirrorLayout.Refs, Limits.MirrorRefsBytesExpected, Limits.MirrorRefsBytesMax, cancellationToken).ConfigureAwait(false)
            is { } text ? MirrorRefs.Parse(text.Span) : [];

    private async Task<(IReadOnlyList<MirrorPack> Written, IReadOnlyList<MirrorPack> Merged)> WritePacksAsync(
        MirrorPackUpload upload, IReadOnlyList<MirrorPack> packs, List<Oid> fresh, CancellationToken cancellationToken)
    {
        IReadOnlyList<MirrorPack> merged = fresh.Count == 0 ? [] : MirrorRepack.Choose(packs, fresh.Count, options.PackBytesMax);
        if (merged.Count > 0)
        {
            HashSet<Oid> all = await upload.ListAsync(merged, cancellationToken).ConfigureAwait(false);
            all.UnionWith(fresh);

            // Another machine's store may not have what the mirror has: then its packs stay as they are.
            if ((await objects.FindAbsentAsync(all, cancellationToken).ConfigureAwait(false)).Count == 0)
            {
                return (await upload.WriteAsync([.. all], cancellationToken).ConfigureAwait(false), merged);
            }
        }

        return (await upload.WriteAsync(fresh, cancellationToken).ConfigureAwait(false), []);
    }

    private static List<MirrorPack> Combine(IReadOnlyList<MirrorPack> packs, IReadOnlyList<MirrorPack> merged, IReadOnlyList<MirrorPack> written)
    {
        HashSet<Oid> replaced = [.. merged.Concat(written).Select(pack => pack.Name)];
        return [.. packs.Where(pack => !replaced.Contains(pack.Name)).Concat(written).OrderByDescending(pack => pack.Objects)];
    }

    private static IEnumerable<RetiredPack> Retire(
        IReadOnlyList<RetiredPack> earlier, IReadOnlyList<MirrorPack> merged, IReadOnlyList<MirrorPack> packs, DateTimeOffset now)
    {
        // A pack that was written again is in use again.
        HashSet<Oid> used = [.. packs.Select(pack => pack.Name)];
        return earlier.Concat(merged.Select(pack => new RetiredPack(pack.Name, now))).Where(pack => !used.Contains(pack.Name));
    }

    private static IEnumerable<BlobKey> KeysOf(Oid pack) => [MirrorLayout.IndexOf(pack), MirrorLayout.PackOf(pack)];

    /// <summary>Packs that a killed writer uploaded and never named. Younger ones may be another writer's.</summary>
    private async Task<List<BlobKey>> FindOrphansAsync(
        IEnumerable<MirrorPack> packs, IEnumerable<RetiredPack> retired, CountedBlobs blobs, CancellationToken cancellationToken)
    {
        HashSet<string> known = [.. packs.Select(pack => pack.Name).Concat(retired.Select(pack => pack.Name)).SelectMany(KeysOf).Select(key => key.ToString())];
        DateTimeOffset youngest = clock.GetUtcNow() - options.Grace;
        List<BlobKey> orphans = [];
        await foreach (BlobProperties blob in blobs.ListAsync(MirrorLayout.PackPrefix, cancellationToken).ConfigureAwait(false))
        {
            if (blob.WrittenAt < youngest && !known.Contains(blob.Key.ToString()))
            {
                orphans.Add(blob.Key);
            }
        }

        return orphans;
    }
}
