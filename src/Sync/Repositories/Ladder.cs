using Actors.Git;
using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Outcomes;

namespace Actors.Sync.Repositories;

/// <summary>
/// Brings what a changed repository's tips reach and the store lacks: climbs from the cheapest rung until one carries.
/// One for each climb. A fork that was never visited has its parent's snapshot in place of an earlier one of its own: where both meet is looked for
/// there, but nothing shows that the remote ever had its heads, so they are no rung of their own. Steps: 1 compare tips with the store, 2 choose a rung, 3 fetch into an ingest, 4 close it, 5 commit.
/// </summary>
internal sealed partial class Ladder(
    IGitClient client,
    IObjectStore objects,
    SyncOptions options,
    RepositoryUrl place,
    ServerProfile? probed,
    Snapshot? previous,
    bool isParents,
    SyncTally tally,
    string reason,
    Action<Oid, ObjectType>? newObjects,
    Func<CancellationToken, ValueTask<bool>> isStoreEmptyAsync)
{
    private TipSet _tips = null!;
    private bool[] _present = [];
    private Oid[] _missing = [];

    /// <summary>Objects of the tips that the store has, in the order of the tips, commits only: on the remote for certain.</summary>
    private Oid[] _knownTips = [];

    private ServerProfile _profile = probed ?? new ServerProfile(2);

    /// <summary>Climbs. Ends closed (all tips and what they reach are in the store, durable), failed or refused.</summary>
    public async Task<RungEnd> ClimbAsync(TipSet tips, CancellationToken cancellationToken)
    {
        PlanFacts facts = await CompareAsync(tips, cancellationToken).ConfigureAwait(false);
        for (Rung? rung = SyncPlan.First(facts); ;)
        {
            tally.Rungs.Add(rung.Value);
            RungEnd end = await StepAsync(rung.Value, cancellationToken).ConfigureAwait(false);
            bool next = end is { IsClosed: false, Refusal: null }
                && (end.Failure is null || SyncPlan.SpeaksAgainstRung(rung.Value, end.Failure.Kind));
            rung = next ? SyncPlan.Next(facts, rung.Value, end.LooksStored) : null;
            if (rung is null)
            {
                return end is { IsClosed: false, Failure: null, Refusal: null }
                    ? RungEnd.Failed(new RemoteFailure(RemoteFailureKind.Malformed, "the remote ended every fetch without a pack"))
                    : end;
            }
        }
    }

    private Task<RungEnd> StepAsync(Rung rung, CancellationToken cancellationToken) => rung switch
    {
        Rung.HeadsOnly => Task.FromResult(RungEnd.Closed),
        Rung.OwnHeads => FetchOwnHeadsAsync(cancellationToken),
        Rung.CommitProbe => ProbeCommitsAsync(cancellationToken),
        Rung.MissingBlobs => FetchMissingBlobsAsync(cancellationToken),
        Rung.SampledHaves => FetchSampledAsync(cancellationToken),
        Rung.LegacyProtocol => FetchLegacyAsync(cancellationToken),
        Rung.Everything => FetchEverythingAsync(cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(rung), rung, "A rung without a step."),
    };

    private async Task<PlanFacts> CompareAsync(TipSet tips, CancellationToken cancellationToken)
    {
        _tips = tips;
        _present = new bool[tips.Oids.Length];
        await objects.ContainsAsync(tips.Oids, _present, cancellationToken).ConfigureAwait(false);
        _missing = [.. tips.Oids.Where((_, i) => !_present[i])];
        if (_missing.Length == 0)
        {
            return default;
        }

        _knownTips = await KeepCommitsAsync(
            [.. tips.Ends.Where((_, i) => _present[i])], cancellationToken).ConfigureAwait(false);
        bool ownHeads = previous is not null && previous.Branches.Any(branch => !branch.Oid.IsZero);
        bool storeEmpty = !ownHeads && _knownTips.Length == 0
            && await isStoreEmptyAsync(cancellationToken).ConfigureAwait(false);
        if (!storeEmpty)
        {
            await LearnProfileAsync(cancellationToken).ConfigureAwait(false);
        }

        return new PlanFacts
        {
            TipsMissing = true,
            OwnHeads = ownHeads && !isParents,
            ParentHeads = ownHeads && isParents,
            KnownTips = _knownTips.Length > 0,
            StoreEmpty = storeEmpty,
            Version = _profile.Version,
            CanProbeCommits = _profile is { Filter: true, Shallow: true },
        };
    }

    /// <summary>A blind probe teaches nothing; what may be asked must be known before it is planned.</summary>
    private async ValueTask LearnProfileAsync(CancellationToken cancellationToken)
    {
        if (probed is null && client.Profiles.Find(place.Host) is null)
        {
            tally.CountRequest();
        }

        _profile = probed ?? await client.LearnAsync(place, cancellationToken).ConfigureAwait(false) ?? _profile;
    }

    private async Task<RungEnd> FetchEverythingAsync(CancellationToken cancellationToken)
    {
        long before = tally.BytesReceived;
        RungEnd end = await FetchAndCommitAsync(new FetchRequest { Wants = _missing }, cancellationToken).ConfigureAwait(false);
        tally.CloneBytes = end.IsClosed ? tally.BytesReceived - before : null;
        return end;
    }

    /// <summary>Distinct commits of a batch that the store has, in order: trees, blobs and tags make no server ready.</summary>
    private async Task<Oid[]> KeepCommitsAsync(Oid[] oids, CancellationToken cancellationToken)
    {
        Oid[] distinct = [.. oids.Distinct()];
        var types = new ObjectType[distinct.Length];
        await objects.ReadTypesAsync(distinct, types, cancellationToken).ConfigureAwait(false);
        return [.. distinct.Where((_, i) => types[i] == ObjectType.Commit)];
    }

    private async Task<RungEnd> FetchAndCommitAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        IPackIngest ingest = await BeginIngestAsync(cancellationToken).ConfigureAwait(false);
        await using (ingest.ConfigureAwait(false))
        {
            FetchResult result = await FetchAsync(request, ingest.AddAsync, cancellationToken).ConfigureAwait(false);
            return result.Failure is not null ? RungEnd.Failed(result.Failure)
                : result.PackReceived ? await CloseAsync(ingest, result.Shallow.Count, cancellationToken).ConfigureAwait(false)
                : RungEnd.NotCarried;
        }
    }

    /// <summary>The remote asks for patience, or does not answer: what else is asked of it now tells nothing, and counts against us.</summary>
    private static bool EndsVisit(RemoteFailure? failure) =>
        failure is { RetryAfter: not null } or { Kind: RemoteFailureKind.Throttled or RemoteFailureKind.Unreachable or RemoteFailureKind.TimedOut };

    private Task<IPackIngest> BeginIngestAsync(CancellationToken cancellationToken) =>
        objects.BeginIngestAsync(new IngestOptions { Limits = options.PackLimits, Threads = options.IndexThreads }, cancellationToken);

    private async Task<FetchResult> FetchAsync(
        FetchRequest request, Func<Stream, CancellationToken, Task> receiver, CancellationToken cancellationToken)
    {
        tally.Add(request);
        long bytesMax = Math.Min(request.PackBytesMax, options.PackLimits.PackBytesMax);
        CountedStream? pack = null;
        try
        {
            FetchResult result = await client.FetchAsync(place, request with { PackBytesMax = bytesMax }, ReceiveAsync, cancellationToken).ConfigureAwait(false);
            tally.Add(result);
            return result;
        }
        catch
        {
            // The receiver refused the pack: what came until then was received all the same.
            tally.AddRefused(pack?.Count ?? 0);
            throw;
        }

        Task ReceiveAsync(Stream bytes, CancellationToken token) => receiver(pack = new CountedStream(bytes), token);
    }
}
