using Actors.Git.Objects;
using Actors.Store.Objects;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Store.Tests.Objects;

/// <summary>Packs made by real git from a fixture, and their way into a store.</summary>
internal static class GitPacks
{
    /// <summary>A pack of what some revisions reach and others do not, e.g. <c>--all</c> or <c>main ^main~3</c>; thin where that is asked.</summary>
    public static byte[] Pack(GitFixture fixture, string revisions, bool thin = true)
    {
        string[] arguments = ["pack-objects", "--revs", "--stdout", "-q", "--delta-base-offset"];
        string[] lines = revisions.Split(' ');
        return fixture.Git.RunBytes(
            System.Text.Encoding.ASCII.GetBytes(string.Concat(lines.Where(line => line[0] != '-').Select(line => line + "\n"))),
            [.. arguments, .. thin ? ["--thin"] : Array.Empty<string>(), .. lines.Where(line => line[0] == '-')]);
    }

    public static async Task<CommitResult> IngestAsync(IObjectStore store, byte[] pack, CancellationToken cancellationToken)
    {
        await using IPackIngest ingest = await store.BeginIngestAsync(new IngestOptions(), cancellationToken);
        await ingest.AddAsync(new MemoryStream(pack), cancellationToken);
        return await ingest.CommitAsync("test", null, cancellationToken);
    }

    /// <summary>Takes in each commit of a branch as a thin pack of its own, oldest first.</summary>
    public static async Task IngestEachCommitAsync(
        IObjectStore store, GitFixture fixture, string branch, Func<Task>? afterEach, CancellationToken cancellationToken)
    {
        string? before = null;
        foreach (string commit in fixture.Git.Lines("rev-list", "--reverse", branch))
        {
            byte[] pack = Pack(fixture, before is null ? commit : $"{commit} ^{before}");
            Assert.Equal(CommitStatus.Committed, (await IngestAsync(store, pack, cancellationToken)).Status);
            before = commit;
            if (afterEach is not null)
            {
                await afterEach();
            }
        }
    }

    public static Oid[] ListObjects(GitFixture fixture, params string[] revisions) =>
        [.. fixture.Git.Lines(["rev-list", "--objects", "--no-object-names", .. revisions]).Select(line => Oid.Parse(line))];
}
