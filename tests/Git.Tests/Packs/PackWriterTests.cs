using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.TestKit;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Git.Tests.Packs;

public sealed class PackWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Written_objects_are_what_git_and_we_read()
    {
        byte[] noise = new byte[700_000];
        new Random(3).NextBytes(noise);
        byte[][] contents = [[], [1], noise, new byte[3_000_000], .. Enumerable.Range(0, 2000).Select(i => BitConverter.GetBytes(i))];
        using (FileStream file = File.Create(_folder["w.pack"]))
        {
            using var writer = new PackWriter(file, (uint)contents.Length);
            foreach (byte[] content in contents)
            {
                Oid oid = ObjectHash.Compute(ObjectType.Blob, content);
                Assert.Equal(writer.Position, await writer.WriteObjectAsync(oid, ObjectType.Blob, content, CancellationToken.None));
            }

            Oid checksum = await writer.FinishAsync(CancellationToken.None);
            Assert.Equal(file.Length, writer.Position);
            PackIndexWriter.Write(_folder["w.idx"], writer.Entries.ToArray(), checksum, fsync: true);
        }

        using var indexing = new IndexedFolder();
        await indexing.RunAsync(await File.ReadAllBytesAsync(_folder["w.pack"]));
        Assert.Equal(await File.ReadAllBytesAsync(indexing.IndexPath), await File.ReadAllBytesAsync(_folder["w.idx"]));
        GitCommand.Require(Assert.Skip);
        Assert.Equal(indexing.IndexByGit(), await File.ReadAllBytesAsync(_folder["w.idx"]));
    }

    [Fact]
    public async Task Entries_are_copied_byte_for_byte_under_new_headers()
    {
        byte[] content = new byte[1_000_000];
        new Random(4).NextBytes(content);
        byte[] source = new PackMaker().AddWhole(ObjectType.Blob, content)
            .AddOfsDelta(0, PackMaker.Delta(content.Length, 500, (10, 500))).Build();
        await File.WriteAllBytesAsync(_folder["s.pack"], source);
        using PackFile pack = PackFile.Open(_folder["s.pack"]);
        PackEntry first = pack.ReadEntry(12);
        PackEntry second = pack.ReadEntry(pack.FindEnd(first));
        Oid firstOid = ObjectHash.Compute(ObjectType.Blob, content);
        Oid secondOid = ObjectHash.Compute(ObjectType.Blob, content.AsSpan(10, 500));
        var copy = new MemoryStream();
        using (var writer = new PackWriter(copy, 3))
        {
            await writer.WriteObjectAsync(ObjectHash.Compute(ObjectType.Blob, [5]), ObjectType.Blob, new byte[] { 5 }, CancellationToken.None);
            long offset = await writer.CopyEntryAsync(firstOid, first.Header, pack, first.DataOffset, second.Offset, CancellationToken.None);
            PackEntryHeader header = second.Header with { BaseDistance = writer.Position - offset };
            await writer.CopyEntryAsync(secondOid, header, pack, second.DataOffset, pack.EntriesEnd, CancellationToken.None);
            await writer.FinishAsync(CancellationToken.None);
            PackIndexWriter.Write(_folder["c.idx"], writer.Entries.ToArray(), Oid.FromBytes(copy.ToArray().AsSpan()[^20..]), fsync: false);
        }

        using var indexing = new IndexedFolder();
        await indexing.RunAsync(copy.ToArray());
        Assert.Equal(await File.ReadAllBytesAsync(indexing.IndexPath), await File.ReadAllBytesAsync(_folder["c.idx"]));
    }

    [Fact]
    public async Task Another_number_of_entries_than_announced_is_our_bug()
    {
        using var writer = new PackWriter(new MemoryStream(), 1);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.FinishAsync(CancellationToken.None));
    }
}
