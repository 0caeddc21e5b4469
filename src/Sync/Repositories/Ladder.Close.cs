using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Outcomes;

namespace Actors.Sync.Repositories;

/// <summary>Steps 4 and 5: everything that was wanted and all that it reaches is here, else the packs are kept aside; then the commit.</summary>
internal sealed partial class Ladder
{
    private async Task<RungEnd> CloseAsync(IPackIngest ingest, int shallow, CancellationToken cancellationToken)
    {
        (Oid[] lacking, bool tipsLack) = await FindLackingAsync(ingest, cancellationToken).ConfigureAwait(false);
        if (lacking.Length > 0 && lacking.Length <= Limits.MissingWantsMax && shallow == 0 && _profile.Version >= 2)
        {
            // A careless server: name what it left out. Whatever comes of it, what is lacking then decides; but not of one that will not be asked now.
            FetchResult again = await FetchAsync(new FetchRequest { Wants = lacking }, ingest.AddAsync, cancellationToken).ConfigureAwait(false);
            if (EndsVisit(again.Failure))
            {
                return RungEnd.Failed(again.Failure!);
            }

            (lacking, tipsLack) = await FindLackingAsync(ingest, cancellationToken).ConfigureAwait(false);
        }

        if (lacking.Length > 0)
        {
            return await KeepAsideAsync(ingest, shallow, lacking, tipsLack, cancellationToken).ConfigureAwait(false);
        }

        CommitResult commit = await ingest.CommitAsync(reason, newObjects, cancellationToken).ConfigureAwait(false);
        tally.Objects += commit.NewObjects;
        return commit.Status switch
        {
            CommitStatus.Committed => RungEnd.Closed,
            CommitStatus.Collision => RungEnd.Refused(
                Outcome.Corrupt,
                Fault.Repository,
                $"collision: object {commit.Colliding} came with other content than the stored one; the pack is kept aside"),
            _ => NotClosed(commit.MissingCount, commit.Missing[0].Oid),
        };
    }

    private async Task<RungEnd> KeepAsideAsync(
        IPackIngest ingest, int shallow, Oid[] lacking, bool tipsLack, CancellationToken cancellationToken)
    {
        await ingest.KeepAsideAsync(reason, cancellationToken).ConfigureAwait(false);
        return shallow > 0
            ? RungEnd.Refused(Outcome.Unsupported, Fault.Repository, $"shallow remote: history cut at {shallow} commits; the pack is kept aside")
            : tipsLack
            ? RungEnd.Refused(Outcome.Corrupt, Fault.Repository, $"the remote did not send {lacking[0]}, which was wanted; the pack is kept aside")
            : NotClosed(lacking.Length, lacking[0]);
    }

    private static RungEnd NotClosed(long missing, Oid first) => RungEnd.Refused(
        Outcome.Corrupt, Fault.Repository, $"not closed: {missing} objects are missing, {first} among them; the pack is kept aside");

    /// <summary>What was wanted and did not come, and what is referred to and is nowhere.</summary>
    private async Task<(Oid[] Lacking, bool TipsLack)> FindLackingAsync(IPackIngest ingest, CancellationToken cancellationToken)
    {
        IReadOnlyList<Oid> tips = await ingest.FindAbsentAsync(_missing, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ObjectReference> references = await ingest.FindMissingAsync(cancellationToken).ConfigureAwait(false);
        return ([.. tips.Concat(references.Select(one => one.Oid)).Distinct()], tips.Count > 0);
    }
}
