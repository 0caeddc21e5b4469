using Actors.Git;
using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Loaders.Archives;
using Actors.Loaders.Downloads;
using Actors.Loaders.Objects;
using Actors.Loaders.Packages;
using Actors.Store.ExtIds;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Outcomes;
using Actors.Sync.Repositories;

namespace Actors.Loaders.Loads;

public sealed partial class PackageSync
{
    private ObjectType TargetType => _options.Era == Era.Revision ? ObjectType.Commit : ObjectType.Tag;

    private async Task<SyncResult> LoadAsync(LoadStart start, LoadTally tally, PackageListing listing, AdvertisementDigest digest, CancellationToken cancellationToken)
    {
        Snapshot? before = start.Known?.Snapshot is { } id ? await _heads.ReadSnapshotAsync(id, cancellationToken).ConfigureAwait(false) : null;
        IReadOnlyList<ExtIdLink?> known = await LookUpAsync(listing.Releases, before, cancellationToken).ConfigureAwait(false);
        ObjectSink sink = new(_objects, _options.Level);
        await using (sink.ConfigureAwait(false))
        {
            for (int i = 0; i < listing.Releases.Count; i++)
            {
                if (known[i] is { } link)
                {
                    if (!link.IsNegative)
                    {
                        tally.Branches.Add((listing.Releases[i].Version, listing.Releases[i].Branch, link.Target));
                    }

                    continue;
                }

                await LoadOneAsync(listing.Releases[i], sink, tally, cancellationToken).ConfigureAwait(false);
            }

            CommitResult? commit = await sink.CommitAsync($"package {start.Origin.Origin}", (oid, type) => Tell(start, tally, oid, type), cancellationToken).ConfigureAwait(false);
            if (commit is { Status: not CommitStatus.Committed })
            {
                string error = commit.Status == CommitStatus.Collision ? $"object {commit.Colliding} collides" : "the objects are not closed";
                return Fail(start, tally, OutcomeRules.Judge(Outcome.Corrupt, Fault.Repository, error, start.Known?.Failures ?? 0, start.At), null);
            }

            Snapshot snapshot = Snapshot.Create(SnapshotPlan.Branches(listing, tally, before, _options.Era));
            return Loaded(start, tally, snapshot, digest, sink.Contents);
        }
    }

    /// <summary>What is known of each release: an object of the last snapshot, that nothing can be made of it, or null.</summary>
    private async Task<IReadOnlyList<ExtIdLink?>> LookUpAsync(IReadOnlyList<PackageRelease> releases, Snapshot? before, CancellationToken cancellationToken)
    {
        HashSet<Oid> targets = [.. before?.Branches.Select(branch => branch.Oid) ?? []];
        ExtIdLink?[] known = new ExtIdLink?[releases.Count];
        int[] asked = [.. Enumerable.Range(0, releases.Count).Where(i => releases[i] is { Error: null, Manifest: not null })];
        IReadOnlyList<IReadOnlyList<ExtIdLink>> found = await _extIds.FindAsync([.. asked.Select(i => releases[i].Manifest!.Value)], cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < asked.Length; i++)
        {
            foreach (ExtIdLink link in found[i])
            {
                if (link.IsNegative || (link.Type == TargetType && targets.Contains(link.Target)))
                {
                    known[asked[i]] = link;
                }
            }
        }

        await ForgetAbsentAsync(known, cancellationToken).ConfigureAwait(false);
        return known;
    }

    /// <summary>What the store has lost (one that was restored from an older copy) is loaded again.</summary>
    private async Task ForgetAbsentAsync(ExtIdLink?[] known, CancellationToken cancellationToken)
    {
        int[] places = [.. Enumerable.Range(0, known.Length).Where(i => known[i] is { IsNegative: false })];
        bool[] present = new bool[places.Length];
        await _objects.ContainsAsync(places.Select(i => known[i]!.Value.Target).ToArray(), present, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < places.Length; i++)
        {
            known[places[i]] = present[i] ? known[places[i]] : null;
        }
    }

    private async Task LoadOneAsync(PackageRelease release, ObjectSink sink, LoadTally tally, CancellationToken cancellationToken)
    {
        if (release.Error is not null)
        {
            tally.Fail(release, release.Error);
            return;
        }

        if (release.Manifest is { } manifest && tally.Made.TryGetValue(manifest, out Oid made))
        {
            tally.Branches.Add((release.Version, release.Branch, made));
            return;
        }

        bool unpacks = false;
        for (int attempt = 1; ; attempt++)
        {
            await sink.BeginReleaseAsync(cancellationToken).ConfigureAwait(false);
            ReleaseFetch fetch = new(_client, sink, tally, unpacks);
            try
            {
                _ = SnapshotPlan.NameOf(release.Branch);
                UnpackTarget unpacked = await fetch.RunAsync(release, cancellationToken).ConfigureAwait(false);
                await KeepAsync(release, unpacked, sink, tally, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (DownloadException e)
            {
                sink.Rollback();
                // A host that could not be reached at all was asked often enough already; a body that was cut off is worth another try.
                if (e.Failure.Kind != RemoteFailureKind.CutOff || !await _client.WaitAsync(e.Failure, attempt, cancellationToken).ConfigureAwait(false))
                {
                    tally.RetryAfter = e.Failure.RetryAfter > (tally.RetryAfter ?? TimeSpan.Zero) ? e.Failure.RetryAfter : tally.RetryAfter;
                    tally.Fail(release, e.Message);
                    return;
                }
            }
            catch (ArchiveException) when (fetch.MetEncoding && !unpacks)
            {
                // As it came it is not what was announced: then the server means what it says of its encoding.
                sink.Rollback();
                unpacks = true;
            }
            catch (Exception e) when (e is ArchiveException or GitFormatException)
            {
                sink.Rollback();
                tally.Fail(release, e.Message);
                return;
            }
        }
    }

    private static async Task KeepAsync(PackageRelease release, UnpackTarget unpacked, ObjectSink sink, LoadTally tally, CancellationToken cancellationToken)
    {
        if (release.Describe(unpacked) is not { } draft)
        {
            sink.Rollback();
            tally.Skipped++;
            if (release.Manifest is { } nothing)
            {
                tally.Links.Add(new ExtIdLink(nothing, Oid.Zero, ObjectType.None));
            }

            return;
        }

        Oid target = await sink.AddReleaseAsync(unpacked.Tree, _ => draft, cancellationToken).ConfigureAwait(false);
        tally.Loaded++;
        tally.Branches.Add((release.Version, release.Branch, target));
        tally.Links.AddRange(release.Checksums.Select(id => new ExtIdLink(id, target, draft.Type)));
        if (release.Manifest is { } manifest)
        {
            tally.Made[manifest] = target;
            tally.Links.Add(new ExtIdLink(manifest, target, draft.Type));
        }
    }

    /// <summary>Observers are told objects one at a time, whichever loads commit at once.</summary>
    private void Tell(LoadStart start, LoadTally tally, Oid oid, ObjectType type)
    {
        tally.NewObjects[(int)type]++;
        if (_options.NewObjects is { } told)
        {
            lock (_newObjectsGate)
            {
                told(start.Origin.Key, oid, type);
            }
        }
    }
}
