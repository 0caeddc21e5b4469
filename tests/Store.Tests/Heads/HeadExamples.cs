using System.Globalization;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Store.Tests.Heads;

/// <summary>Visits, snapshots and URLs to test with.</summary>
internal static class HeadExamples
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, 123, TimeSpan.Zero);

    public static RepositoryUrl Url(int number) => RepositoryUrl.Parse($"https://forge.example.org/owner{number / 3}/repository{number}");

    public static Oid Oid(int number) => Git.Objects.Oid.Parse(number.ToString("x40", CultureInfo.InvariantCulture));

    public static AdvertisementDigest Digest(int number) => new((ulong)number + 1, ~(ulong)number);

    public static Visit Visit(int url, Outcome outcome, int minute = 0, Snapshot? heads = null) => new()
    {
        Url = Url(url),
        Outcome = outcome,
        StartedAt = Start.AddMinutes(minute),
        ElapsedMs = 40 + minute,
        BytesReceived = 400,
        NewSnapshot = heads,
        Digest = heads is null ? default : Digest(minute),
    };

    /// <summary>HEAD on main, <paramref name="branches"/> branches, as many tags, each with an oid of its own from <paramref name="firstOid"/> on.</summary>
    public static Snapshot Snapshot(int firstOid, int branches = 1)
    {
        List<SnapshotBranch> all = [new(RefName.Head, SnapshotTarget.Alias, Git.Objects.Oid.Zero, RefName.Parse("refs/heads/main"))];
        for (int i = 0; i < branches; i++)
        {
            string name = i == 0 ? "main" : $"topic-{i}";
            all.Add(new(RefName.Parse($"refs/heads/{name}"), SnapshotTarget.Revision, Oid(firstOid + i + 1)));
            all.Add(new(RefName.Parse($"refs/tags/v{i}"), SnapshotTarget.Release, Oid(1_000_000 + i), Peeled: Oid(2_000_000 + i)));
        }

        return Store.Heads.Snapshot.Create(all);
    }

    public static async Task<List<T>> ListAsync<T>(IAsyncEnumerable<T> items)
    {
        List<T> list = [];
        await foreach (T item in items)
        {
            list.Add(item);
        }

        return list;
    }
}
