using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.TestKit.Git;
using Actors.TestKit.Judges;
using Xunit;

namespace Actors.EndToEnd.Tests;

/// <summary>A store on disk that no process has open: what must be true of it.</summary>
/// <param name="path">Its folder.</param>
/// <param name="scratch">For the judge's repositories.</param>
internal sealed class StoreFiles(string path, string scratch)
{
    private readonly StoreJudge _judge = new(Path.Combine(path, "objects"), scratch);

    public string FullPath => path;

    /// <summary>
    /// git finds it closed as it lies there; it opens; every head that was committed, of every visit, names an object that is there.
    /// </summary>
    public async Task AssertSoundAsync()
    {
        if (!Directory.Exists(Path.Combine(path, "objects", "pack")))
        {
            return;
        }

        _judge.AssertClosed();
        await using LocalObjectStore objects = LocalObjectStore.Open(path, StoreAccess.Write, TimeProvider.System);
        await using SqliteHeadStore heads = SqliteHeadStore.Open(Path.Combine(path, "heads.sqlite"));
        await foreach (RepositoryState repository in heads.ListAsync(CancellationToken.None))
        {
            await foreach (Visit visit in heads.ListVisitsAsync(repository.Url, CancellationToken.None))
            {
                if (visit.Snapshot is { } id)
                {
                    Snapshot snapshot = (await heads.ReadSnapshotAsync(id, CancellationToken.None))!;
                    Oid[] oids = [.. snapshot.Branches.Select(b => b.Oid).Where(oid => !oid.IsZero)];
                    bool[] present = new bool[oids.Length];
                    await objects.ContainsAsync(oids, present, CancellationToken.None);
                    Assert.DoesNotContain(false, present);
                }
            }
        }
    }

    /// <summary>Its heads are the upstreams' refs.</summary>
    public async Task AssertHeadsAsync(Upstreams upstreams)
    {
        await using SqliteHeadStore heads = SqliteHeadStore.Open(Path.Combine(path, "heads.sqlite"));
        foreach ((string name, GitFixture source) in upstreams.Repositories)
        {
            RepositoryState state = (await heads.FindAsync([RepositoryUrl.Parse(upstreams.Forge.UrlOf(name))], CancellationToken.None))[0]!;
            Snapshot snapshot = (await heads.ReadSnapshotAsync(state.Snapshot!.Value, CancellationToken.None))!;
            IEnumerable<(string, string)> stored = snapshot.Branches.Where(b => b.Target != SnapshotTarget.Alias).Select(b => (b.Name.ToString(), b.Oid.ToString()));
            Assert.Equal(source.Refs, stored);
        }
    }

    /// <summary>It holds all of the upstreams, byte for byte, and is closed.</summary>
    public void AssertHolds(Upstreams upstreams)
    {
        foreach (GitFixture source in upstreams.Repositories.Values)
        {
            _judge.AssertHolds(source);
        }

        _judge.AssertClosed();
    }
}
