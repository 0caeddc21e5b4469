using Actors.Git.Objects;
using Actors.Loaders.Archives;
using Actors.Loaders.Objects;
using Actors.Store.Objects;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.TestKit.Judges;
using Xunit;

namespace Actors.Loaders.Tests.Objects;

public sealed class ObjectSinkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ObjectSinkTests() => GitCommand.Require(Assert.Skip);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Releases_that_resemble_each_other_are_stored_as_deltas_that_git_reads()
    {
        byte[][] contents = [.. Enumerable.Range(0, 30).Select(Content)];
        (long whole, _) = await StoreAsync(_folder["whole"], contents, deltas: false);
        (long stored, Oid[] oids) = await StoreAsync(_folder["deltas"], contents, deltas: true);
        // Two are whole: the chain of deltas has an end.
        Assert.InRange(stored, whole / 20, whole / 8);
        new StoreJudge(Path.Combine(_folder["deltas"], "objects"), _folder["judge"]).AssertClosed();
        await using LocalObjectStore store = LocalObjectStore.Open(_folder["deltas"], StoreAccess.Read, TimeProvider.System);
        for (int i = 0; i < contents.Length; i++)
        {
            Assert.Equal(contents[i], (await store.ReadAsync(oids[i], long.MaxValue, CancellationToken.None))!.Content.ToArray());
        }
    }

    /// <summary>What a failed release brought is no base, and comes again.</summary>
    [Fact]
    public async Task A_release_that_was_taken_back_is_no_base()
    {
        await using (LocalObjectStore store = LocalObjectStore.Open(_folder["store"], StoreAccess.Write, TimeProvider.System))
        {
            ObjectSink sink = new(store, 1);
            await using (sink)
            {
                foreach ((int content, bool fails) in ((int, bool)[])[(0, false), (1, true), (2, false), (1, false)])
                {
                    await ReleaseAsync(sink, $"p-{content}", Content(content), fails);
                }

                Assert.Equal(CommitStatus.Committed, (await sink.CommitAsync("test", null, CancellationToken.None))!.Status);
            }
        }

        new StoreJudge(Path.Combine(_folder["store"], "objects"), _folder["judge"]).AssertClosed();
    }

    private static async Task<(long Stored, Oid[] Oids)> StoreAsync(string folder, byte[][] contents, bool deltas)
    {
        await using LocalObjectStore store = LocalObjectStore.Open(folder, StoreAccess.Write, TimeProvider.System);
        ObjectSink sink = new(store, 1, deltas);
        await using (sink)
        {
            List<Oid> oids = [];
            for (int i = 0; i < contents.Length; i++)
            {
                oids.Add(await ReleaseAsync(sink, $"p-{i}", contents[i], fails: false));
            }

            CommitResult? commit = await sink.CommitAsync("test", null, CancellationToken.None);
            return (commit!.StoredBytes, [.. oids]);
        }
    }

    private static async Task<Oid> ReleaseAsync(ObjectSink sink, string top, byte[] content, bool fails)
    {
        await sink.BeginReleaseAsync(CancellationToken.None);
        UnpackTarget target = new(sink);
        await target.FileAsync($"{top}/src/data", executable: false, content, CancellationToken.None);
        await target.FileAsync($"{top}/small", executable: false, [1, 2, 3], CancellationToken.None);
        if (fails)
        {
            sink.Rollback();
            return default;
        }

        ReleaseDraft draft = new() { Era = Era.Revision, Name = top, Author = "A", Date = new ReleaseDate(1, 0, "+0000"), Message = top };
        _ = await sink.AddReleaseAsync(target.Tree, _ => draft, CancellationToken.None);
        return target.Tree.Find($"{top}/src/data")!.Oid;
    }

    /// <summary>50 kB that do not compress, but for one place the same in each.</summary>
    private static byte[] Content(int release)
    {
        byte[] bytes = new byte[50_000];
        new Random(1).NextBytes(bytes);
        new Random(release).NextBytes(bytes.AsSpan(1000 * release, 20));
        return bytes;
    }
}
