using Actors.Git;
using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Git.Remotes;

namespace Actors.Sync.Repositories;

/// <summary>
/// Rung (c): commits of the unknown tips, ever deeper, until they meet the store's; then one thin fetch with exactly the
/// commits where they meet as haves. No <c>shallow</c> lines are sent with it: the store is closed.
/// </summary>
internal sealed partial class Ladder
{
    /// <summary>Commits of each tip in the first probe of something related.</summary>
    private const int FirstDepth = 16;

    /// <summary>Most forks are a few commits ahead; most repositories are no forks, and this costs them some KB.</summary>
    private const int FirstDepthUnrelated = 8;

    private const int SecondDepth = 64;

    private const int DepthMax = 1024;

    private static readonly PackLimits ProbeLimits = new()
    {
        PackBytesMax = Limits.TreeSampleBytesMax,
        ObjectBytesMax = Limits.ProbeMemoryBytesMax,
        MemoryBytesMax = Limits.ProbeMemoryBytesMax,
    };

    /// <summary>Trees of the remote that the store has, as far as probes have shown: haves that spare all that is in them.</summary>
    private readonly HashSet<Oid> _knownTrees = [];

    private bool _shortHistory;

    private async Task<RungEnd> ProbeCommitsAsync(CancellationToken cancellationToken)
    {
        double? share = null;
        bool related = previous is not null || _knownTips.Length > 0;
        bool few = true;
        bool tooManyAbove = false;
        CommitBoundary? boundary = null;
        for (int depth = related ? FirstDepth : FirstDepthUnrelated; depth <= DepthMax;)
        {
            (CommitBoundary? found, RemoteFailure? failure) = await ProbeAsync(depth, few, cancellationToken).ConfigureAwait(false);
            if (failure is not null && failure.Kind != RemoteFailureKind.OverLimit)
            {
                return RungEnd.Failed(failure);
            }

            // Over the budget: what the probe before has shown must do.
            boundary = found ?? boundary;
            bool shared = found?.Haves.Count > 0;
            bool moreTips = few && _missing.Length > Limits.FirstProbedTipsMax;
            if (found is null || (found.Cut == 0 && !(moreTips && (shared || related))))
            {
                break;
            }

            if (shared && !tooManyAbove)
            {
                (CommitBoundary? whole, RemoteFailure? refused) = await ProbeAboveAsync(found.Haves, cancellationToken).ConfigureAwait(false);
                if (refused is not null && refused.Kind != RemoteFailureKind.OverLimit)
                {
                    return RungEnd.Failed(refused);
                }

                if (whole is not null)
                {
                    boundary = whole;
                    break;
                }

                tooManyAbove = true;
            }
            else if (!related)
            {
                (share, RemoteFailure? untold) = await SampleContentAsync(cancellationToken).ConfigureAwait(false);
                if (EndsVisit(untold))
                {
                    return RungEnd.Failed(untold!);
                }

                if (share < ContentSample.RelatedShare)
                {
                    return RungEnd.NotCarried;
                }
            }

            // A first look is at few tips: repeated over all, unless so much is new that only deeper looks help.
            depth = moreTips && !tooManyAbove ? FirstDepth : Math.Max(SecondDepth, depth * 4);
            (few, related) = (false, true);
        }

        if (boundary is { Haves.Count: > 0 })
        {
            return await FetchFromBoundaryAsync(boundary, cancellationToken).ConfigureAwait(false);
        }

        // Roots are reached, so this history is short and all its own; or it is long, and its content decides.
        bool wholeHistory = boundary is { Cut: 0 };
        _shortHistory = wholeHistory && boundary!.Unknown <= Limits.ShortHistoryCommits;
        return wholeHistory || share >= ContentSample.StoredShare ? RungEnd.ContentIsStored : RungEnd.NotCarried;
    }

    private Task<RungEnd> FetchFromBoundaryAsync(CommitBoundary boundary, CancellationToken cancellationToken)
    {
        // Each have that the server has costs 53 bytes of answer, so no more than serve.
        IEnumerable<Oid> haves = boundary.Haves.Take(Limits.HavesMax);
        if (boundary.Cut > 0 || _missing.Length > Limits.ProbedTipsMax)
        {
            haves = haves.Concat(_knownTips.Take(Git.Limits.HavesPerRound)).Distinct();
        }

        return FetchAndCommitAsync(
            new FetchRequest { Wants = _missing, Haves = [.. haves], NothingInCommon = NothingInCommon.FetchAll }, cancellationToken);
    }

    /// <summary>One look at so many commits of each tip. No haves: git cuts their history too where it cuts the tips', so they would spare little.</summary>
    private Task<(CommitBoundary? Boundary, RemoteFailure? Failure)> ProbeAsync(int depth, bool few, CancellationToken cancellationToken) => ReadBoundaryAsync(
        new FetchRequest
        {
            Wants = [.. _missing.Take(few ? Limits.FirstProbedTipsMax : Limits.ProbedTipsMax)],
            Deepen = depth,
            Filter = ObjectFilter.TreeNone,
            ThinPack = false,
            PackBytesMax = Limits.CommitProbeBytesMax,
        },
        cancellationToken);

    /// <summary>All commits of all tips that lie above what is known to be common: each new commit once, however many branches there are.</summary>
    private Task<(CommitBoundary? Boundary, RemoteFailure? Failure)> ProbeAboveAsync(IReadOnlyList<Oid> common, CancellationToken cancellationToken) => ReadBoundaryAsync(
        new FetchRequest
        {
            Wants = _missing,
            Haves = [.. common.Concat(_knownTips).Distinct().Take(Git.Limits.HavesPerRound)],
            Filter = ObjectFilter.TreeNone,
            ThinPack = false,
            PackBytesMax = Limits.ProbeAboveBytesMax,
        },
        cancellationToken);

    private async Task<(CommitBoundary? Boundary, RemoteFailure? Failure)> ReadBoundaryAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        (IReadOnlyList<KeyValuePair<Oid, GitObject>> came, RemoteFailure? failure) =
            await ReadObjectsAsync(request, cancellationToken).ConfigureAwait(false);
        if (failure is not null)
        {
            return (null, failure);
        }

        Dictionary<Oid, CommitLinks> commits = came
            .Where(item => item.Value.Type == ObjectType.Commit)
            .ToDictionary(item => item.Key, item => CommitLinks.Read(item.Value));
        HashSet<Oid> stored = await FindStoredAsync(
            [.. commits.Keys.Concat(commits.Values.SelectMany(commit => commit.Parents.Append(commit.Tree))).Distinct()],
            cancellationToken).ConfigureAwait(false);
        _knownTrees.UnionWith(commits.Values.Select(commit => commit.Tree).Where(stored.Contains).Take(Limits.KnownTreesMax));
        var wanted = request.Wants.ToHashSet();
        return (CommitBoundary.Find(commits, _tips.Ends.Where((_, i) => wanted.Contains(_tips.Oids[i])), stored), null);
    }

    /// <summary>The part of the first unknown tip's blobs that the store has; 0 when the remote will not tell.</summary>
    private async Task<(double Share, RemoteFailure? Failure)> SampleContentAsync(CancellationToken cancellationToken)
    {
        var request = new FetchRequest
        {
            Wants = [_missing[0]],
            Deepen = 1,
            Filter = ObjectFilter.BlobNone,
            ThinPack = false,
            PackBytesMax = Limits.TreeSampleBytesMax,
        };
        (IReadOnlyList<KeyValuePair<Oid, GitObject>> came, RemoteFailure? failure) = await ReadObjectsAsync(request, cancellationToken).ConfigureAwait(false);
        var sample = ContentSample.Of(came);
        HashSet<Oid> stored = await FindStoredAsync([.. sample.Blobs, .. sample.Trees], cancellationToken).ConfigureAwait(false);
        _knownTrees.UnionWith(sample.TopStored(stored).Take(Limits.KnownTreesMax));
        return (sample.Share(stored), failure);
    }

    /// <summary>Fetches a small pack into memory. Bytes that are wrong or too many are the remote's failure: a later rung may still carry.</summary>
    private async Task<(IReadOnlyList<KeyValuePair<Oid, GitObject>> Objects, RemoteFailure? Failure)> ReadObjectsAsync(
        FetchRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<KeyValuePair<Oid, GitObject>> came = [];
        try
        {
            FetchResult result = await FetchAsync(
                request,
                async (pack, token) => came = await PackIndexer.ReadObjectsAsync(pack, objects, ProbeLimits, token).ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false);
            return (came, result.Failure);
        }
        catch (GitFormatException bad)
        {
            RemoteFailureKind kind = bad.Kind == GitFormatError.OverLimit ? RemoteFailureKind.OverLimit : RemoteFailureKind.Malformed;
            return ([], new RemoteFailure(kind, bad.Message));
        }
    }

    private async Task<HashSet<Oid>> FindStoredAsync(Oid[] oids, CancellationToken cancellationToken)
    {
        bool[] present = new bool[oids.Length];
        await objects.ContainsAsync(oids, present, cancellationToken).ConfigureAwait(false);
        return [.. oids.Where((_, i) => present[i])];
    }
}
