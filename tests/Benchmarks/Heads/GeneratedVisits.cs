using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Benchmarks.Heads;

/// <summary>A list of repositories by number, of four refs each.</summary>
internal static class GeneratedVisits
{
    public static RepositoryUrl Url(int number) => RepositoryUrl.Parse($"https://forge{number % 3}.example.org/some-owner-{number / 4}/repository-{number}");

    public static Visit Visit(int number, bool first) => new()
    {
        Url = Url(number),
        StartedAt = DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000 + number),
        Outcome = first ? Outcome.New : Outcome.Unchanged,
        Campaign = new CampaignId(7),
        ElapsedMs = 120,
        BytesReceived = 420,
        NewSnapshot = first ? Heads(number) : null,
        Digest = new AdvertisementDigest((ulong)number, 1),
    };

    /// <summary>A visit to a repository of many refs, of which some have changed since the one before.</summary>
    public static Visit WideVisit(int number, int refs, int visit, int changed) => Visit(number, first: false) with
    {
        Outcome = visit == 0 ? Outcome.New : Outcome.Updated,
        NewSnapshot = Snapshot.Create(Enumerable.Range(0, refs).Select(i => new SnapshotBranch(
            RefName.Parse($"refs/heads/feature/some-topic-{i}"), SnapshotTarget.Revision, AnOid(number, 100_000_000 + (i * 1000) + LastChange(i, refs, visit, changed))))),
    };

    /// <summary>The visit that last changed a ref: they take turns.</summary>
    private static int LastChange(int place, int refs, int visit, int changed)
    {
        for (; visit > 0; visit--)
        {
            int first = visit * changed % refs;
            if ((place - first + refs) % refs < changed)
            {
                return visit;
            }
        }

        return 0;
    }

    private static Snapshot Heads(int number) => Snapshot.Create(
    [
        new(RefName.Head, SnapshotTarget.Alias, Oid.Zero, RefName.Parse("refs/heads/main")),
        new(RefName.Parse("refs/heads/main"), SnapshotTarget.Revision, AnOid(number, 1)),
        new(RefName.Parse("refs/heads/topic"), SnapshotTarget.Revision, AnOid(number, 2)),
        new(RefName.Parse("refs/tags/v1.0"), SnapshotTarget.Release, AnOid(number, 3), Peeled: AnOid(number, 4)),
    ]);

    private static Oid AnOid(int number, int place)
    {
        byte[] bytes = new byte[Oid.Length];
        new Random((number * 8) + place).NextBytes(bytes);
        return Oid.FromBytes(bytes);
    }
}
